package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topics;

import java.time.Duration;
import java.util.Map;

/**
 * What is audited and how.
 *
 * @param kafka settings of Kafka's clients, {@code bootstrap.servers} among them; may hold
 *     credentials
 * @param topics the installation's topics
 * @param projectorGroup the projector's consumer group, which tells how far it has read
 * @param scope which streams
 * @param closed whether nothing should be in flight: then a stream without an end, an end without a
 *     done and a start without a stream are violations
 * @param waitMax how long the projector may take to have read what is audited
 * @param limits how much memory it may take
 */
public record AuditConfig(
        Map<String, String> kafka,
        Topics topics,
        String projectorGroup,
        Scope scope,
        boolean closed,
        Duration waitMax,
        AuditLimits limits) {
    /** How long the projector may take, by default. */
    public static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);

    public AuditConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(projectorGroup, "projectorGroup");
        requireNonNull(scope, "scope");
        requireNonNull(limits, "limits");
        if (waitMax.isNegative()) {
            throw new IllegalArgumentException("waitMax must not be negative, was " + waitMax);
        }
    }

    /** Settings of Kafka's clients may hold credentials: their names only. */
    @Override
    public String toString() {
        return "AuditConfig[kafka="
                + kafka.keySet()
                + ", scope="
                + scope
                + ", closed="
                + closed
                + ", waitMax="
                + waitMax
                + ", limits="
                + limits
                + "]";
    }
}
