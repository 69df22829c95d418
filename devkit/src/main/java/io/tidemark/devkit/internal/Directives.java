package io.tidemark.devkit.internal;

import io.tidemark.devkit.Chunking;
import io.tidemark.devkit.Pacing;
import io.tidemark.devkit.SimulatedFault;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a request asks of the simulator in its {@code metadata}, whose values are strings:
 *
 * <ul>
 *   <li>{@code sim_ttft_ms}, {@code sim_token_ms}: pacing
 *   <li>{@code sim_tokens}: how long the answer is
 *   <li>{@code sim_fault}: {@code reset}, {@code stall}, {@code eof}, {@code malformed}, {@code
 *       status} or {@code split}, with {@code sim_fault_after_bytes}, {@code sim_status}, {@code
 *       sim_retry_after}, and {@code sim_fault_times} to spare all but the first attempts
 *   <li>{@code sim_split_every} or {@code sim_split_seed} and {@code sim_split_max}: chunking, also
 *       beside another fault
 * </ul>
 *
 * Immutable.
 */
record Directives(
        Pacing pacing,
        OptionalInt tokens,
        Optional<SimulatedFault> fault,
        int faultTimes,
        Chunking chunking) {

    static final int TOKENS_MAX = 200_000;
    private static final int MS_MAX = 600_000;
    private static final int SPLIT_BYTES_MAX = 64;

    /** What became of the metadata: {@code Valid} or {@code Invalid}. */
    sealed interface Parsed {
        /** It can be followed. */
        record Valid(Directives directives) implements Parsed {}

        /** It is refused. */
        record Invalid(ApiError error) implements Parsed {}
    }

    /** The same for an answer that comes at once, when a stream of so many tokens would end. */
    Directives forWholeAnswer(long tokenCount) {
        var whole =
                pacing.timeToFirstToken()
                        .plus(pacing.timePerToken().multipliedBy(Math.max(0, tokenCount - 1)));
        return new Directives(
                new Pacing(whole, Duration.ZERO), tokens, fault, faultTimes, chunking);
    }

    static Parsed parse(ResponsesRequest request, Pacing pacing, Chunking chunking) {
        try {
            return new Parsed.Valid(
                    new Directives(
                            pacing(request, pacing),
                            number(request, "sim_tokens", 1, TOKENS_MAX),
                            fault(request),
                            number(request, "sim_fault_times", 0, Integer.MAX_VALUE)
                                    .orElse(Integer.MAX_VALUE),
                            chunking(request, chunking)));
        } catch (BadValue e) {
            return new Parsed.Invalid(
                    ApiError.badRequest("metadata." + e.key, String.valueOf(e.getMessage())));
        }
    }

    private static Pacing pacing(ResponsesRequest request, Pacing otherwise) throws BadValue {
        var first = number(request, "sim_ttft_ms", 0, MS_MAX);
        var each = number(request, "sim_token_ms", 0, MS_MAX);
        return new Pacing(
                first.isPresent()
                        ? Duration.ofMillis(first.getAsInt())
                        : otherwise.timeToFirstToken(),
                each.isPresent() ? Duration.ofMillis(each.getAsInt()) : otherwise.timePerToken());
    }

    private static Optional<SimulatedFault> fault(ResponsesRequest request) throws BadValue {
        var name = request.metadata("sim_fault");
        var afterBytes =
                number(
                                request,
                                "sim_fault_after_bytes",
                                SimulatedFault.BEFORE_HEAD,
                                Integer.MAX_VALUE)
                        .orElse(0);
        return switch (name) {
            case "", "split" -> Optional.empty();
            case "reset" -> Optional.of(new SimulatedFault.Reset(afterBytes));
            case "stall" -> Optional.of(new SimulatedFault.Stall(afterBytes));
            case "eof" -> Optional.of(new SimulatedFault.EndOfBody(afterBytes));
            case "malformed" -> Optional.of(new SimulatedFault.MalformedFrame(afterBytes));
            case "status" -> Optional.of(status(request));
            default -> throw new BadValue("sim_fault", "is not a fault the simulator knows");
        };
    }

    private static SimulatedFault status(ResponsesRequest request) throws BadValue {
        var retryAfter = request.metadata("sim_retry_after");
        if (!retryAfter.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new BadValue("sim_retry_after", "cannot stand in a header");
        }
        return new SimulatedFault.Status(
                number(request, "sim_status", 400, 599).orElse(500),
                retryAfter.isEmpty() ? Optional.empty() : Optional.of(retryAfter));
    }

    private static Chunking chunking(ResponsesRequest request, Chunking otherwise) throws BadValue {
        var every = number(request, "sim_split_every", 1, Integer.MAX_VALUE);
        if (every.isPresent()) {
            return new Chunking.EveryBytes(every.getAsInt());
        }
        var max = number(request, "sim_split_max", 1, Integer.MAX_VALUE).orElse(SPLIT_BYTES_MAX);
        var seed = request.metadata("sim_split_seed");
        if (!seed.isEmpty()) {
            return new Chunking.Random(parseSeed(seed), max);
        }
        return request.metadata("sim_fault").equals("split")
                ? new Chunking.EveryBytes(1)
                : otherwise;
    }

    private static long parseSeed(String text) throws BadValue {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadValue("sim_split_seed", "is not a whole number");
        }
    }

    private static OptionalInt number(ResponsesRequest request, String key, int min, int max)
            throws BadValue {
        var text = request.metadata(key);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            var value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return OptionalInt.of(value);
            }
        } catch (NumberFormatException e) {
            throw new BadValue(key, "is not a whole number");
        }
        throw new BadValue(key, "must be between " + min + " and " + max);
    }

    /** A value that cannot be followed; never leaves this record. */
    private static final class BadValue extends Exception {

        private final String key;

        BadValue(String key, String problem) {
            super("'metadata." + key + "' " + problem + ".");
            this.key = key;
        }
    }
}
