package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import java.time.Duration;
import java.util.Map;

/**
 * What is folded again and how.
 *
 * @param kafka settings of Kafka's clients, {@code bootstrap.servers} among them; may hold
 *     credentials
 * @param topics the installation's topics; what is folded is compared with the results that count
 * @param projectorGroup the consumer group of a projector whose results are of generation 0, as it
 *     is configured
 * @param scope which streams; {@link Scope.Several} are told of whatever comes of them, others only
 *     if they are wrong or could not be compared
 * @param print whether the responses of {@link Scope.Several} are wanted as well
 * @param waitMax how long the projector may take, all in all, to publish what has ended
 * @param limits how much memory it may take; no more streams are told of than its violations
 * @param masterKeys what the keys of encrypted streams are wrapped with; without them such a stream
 *     is compared as far as it is not sealed
 */
public record ReplayConfig(
        Map<String, String> kafka,
        Topics topics,
        String projectorGroup,
        Scope scope,
        boolean print,
        Duration waitMax,
        AuditLimits limits,
        MasterKeys masterKeys) {
    public ReplayConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(projectorGroup, "projectorGroup");
        requireNonNull(scope, "scope");
        requireNonNull(limits, "limits");
        requireNonNull(masterKeys, "masterKeys");
        if (waitMax.isNegative()) {
            throw new IllegalArgumentException("waitMax must not be negative, was " + waitMax);
        }
    }

    /** The same for the results that count now, and the group of who makes them. */
    ReplayConfig counting() {
        var now = GenerationReader.counting(kafka, topics);
        return new ReplayConfig(
                kafka,
                now,
                now.application(projectorGroup),
                scope,
                print,
                waitMax,
                limits,
                masterKeys);
    }

    /** Settings of Kafka's clients may hold credentials: their names only. */
    @Override
    public String toString() {
        return "ReplayConfig[kafka=%s, scope=%s, print=%s, waitMax=%s, limits=%s]"
                .formatted(kafka.keySet(), scope, print, waitMax, limits);
    }
}
