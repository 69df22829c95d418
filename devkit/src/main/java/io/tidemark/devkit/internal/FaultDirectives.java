package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedFault;

import java.time.Duration;
import java.util.Optional;

/**
 * What a request asks to go wrong, and for how many attempts.
 *
 * <ul>
 *   <li>{@code sim_fault}, with {@code sim_fault_after_bytes}, {@code sim_status}, {@code
 *       sim_retry_after}, {@code sim_location}, {@code sim_content_type}, {@code sim_drip_ms},
 *       {@code sim_huge_bytes} or {@code sim_items}
 *   <li>{@code sim_fault_times} to spare all but the first attempts
 *   <li>{@code sim_fail_first} to have the first attempts end with {@code sim_status} before all
 *       that
 *   <li>{@code sim_series}, what an attempt is an attempt at, where path and body do not say so
 * </ul>
 *
 * Immutable.
 *
 * @param fault what goes wrong
 * @param faultTimes for how many attempts
 * @param failFirst how many attempts end with an error status before
 * @param failure that error status
 * @param series what the attempts have in common, or empty
 */
record FaultDirectives(
        Optional<SimulatedFault> fault,
        int faultTimes,
        int failFirst,
        SimulatedFault.Status failure,
        String series) {

    private static final int MS_MAX = 600_000;
    private static final int ITEMS_MAX = 200_000;
    private static final int DRIP_MS = 1_000;
    private static final int HUGE_BYTES = 100 << 20;
    private static final int ITEMS = 10_000;

    /** A name that is never to be resolved (RFC 6761): nobody may send anything there. */
    private static final String ELSEWHERE = "https://elsewhere.invalid/";

    static FaultDirectives parse(Metadata metadata) throws InvalidRequest {
        return new FaultDirectives(
                fault(metadata),
                metadata.number("sim_fault_times", 0, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE),
                metadata.number("sim_fail_first", 0, Integer.MAX_VALUE).orElse(0),
                failure(metadata),
                metadata.entry("sim_series"));
    }

    private static Optional<SimulatedFault> fault(Metadata metadata) throws InvalidRequest {
        var afterBytes =
                metadata.number(
                                "sim_fault_after_bytes",
                                SimulatedFault.BEFORE_HEAD,
                                Integer.MAX_VALUE)
                        .orElse(0);
        return switch (metadata.entry("sim_fault")) {
            case "", "split" -> Optional.empty();
            case "reset" -> Optional.of(new SimulatedFault.Reset(afterBytes));
            case "stall" -> Optional.of(new SimulatedFault.Stall(afterBytes));
            case "eof" -> Optional.of(new SimulatedFault.EndOfBody(afterBytes));
            case "malformed" -> Optional.of(new SimulatedFault.MalformedFrame(afterBytes));
            case "status" -> Optional.of(status(metadata, false));
            case "gzip" -> Optional.of(status(metadata, true));
            case "redirect" -> Optional.of(redirect(metadata));
            case "content_type" -> {
                var contentType = metadata.headerValue("sim_content_type");
                yield Optional.of(
                        new SimulatedFault.ContentType(
                                contentType.isEmpty() ? "text/html" : contentType));
            }
            case "drip" -> {
                var millis = metadata.number("sim_drip_ms", 0, MS_MAX).orElse(DRIP_MS);
                yield Optional.of(new SimulatedFault.Drip(Duration.ofMillis(millis)));
            }
            case "huge" ->
                    Optional.of(
                            new SimulatedFault.HugeFrame(
                                    metadata.number("sim_huge_bytes", 1, Integer.MAX_VALUE)
                                            .orElse(HUGE_BYTES)));
            case "endless" -> Optional.of(new SimulatedFault.Endless());
            case "items" ->
                    Optional.of(
                            new SimulatedFault.ManyItems(
                                    metadata.number("sim_items", 1, ITEMS_MAX).orElse(ITEMS)));
            default -> throw metadata.invalid("sim_fault", "is not a fault the simulator knows");
        };
    }

    private static SimulatedFault status(Metadata metadata, boolean gzipped) throws InvalidRequest {
        var retryAfter = metadata.headerValue("sim_retry_after");
        return new SimulatedFault.Status(
                metadata.number("sim_status", 400, 599).orElse(500),
                retryAfter.isEmpty() ? Optional.empty() : Optional.of(retryAfter),
                gzipped);
    }

    private static SimulatedFault redirect(Metadata metadata) throws InvalidRequest {
        var location = metadata.headerValue("sim_location");
        return new SimulatedFault.Redirect(
                metadata.number("sim_status", 300, 399).orElse(307),
                location.isEmpty() ? ELSEWHERE : location);
    }

    /** One that says when to come again, as those do that pass. */
    private static SimulatedFault.Status failure(Metadata metadata) throws InvalidRequest {
        if (metadata.entry("sim_fail_first").isEmpty()) {
            return new SimulatedFault.Status(503, Optional.empty());
        }
        var retryAfter = metadata.headerValue("sim_retry_after");
        return new SimulatedFault.Status(
                metadata.number("sim_status", 400, 599).orElse(503),
                Optional.of(retryAfter.isEmpty() ? "1" : retryAfter));
    }
}
