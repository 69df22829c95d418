package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import java.time.Duration;
import java.util.Map;

/**
 * What is audited and how.
 *
 * @param kafka settings of Kafka's clients, {@code bootstrap.servers} among them; may hold
 *     credentials
 * @param topics the installation's topics; of their results those are audited that count
 * @param projectorGroup the consumer group of a projector whose results are of generation 0, as it
 *     is configured
 * @param scope which streams
 * @param closed whether nothing should be in flight: then a stream without an end, an end without a
 *     done and a start without a stream are violations
 * @param waitMax how long the projector may take to have read what is audited
 * @param limits how much memory it may take
 * @param prices what ledger rows are charged by; {@link PriceTable#NONE} compares everything of
 *     them but their cost
 * @param masterKeys what the keys of encrypted streams are wrapped with; without them such a stream
 *     is compared as far as it is not sealed
 */
public record AuditConfig(
        Map<String, String> kafka,
        Topics topics,
        String projectorGroup,
        Scope scope,
        boolean closed,
        Duration waitMax,
        AuditLimits limits,
        PriceTable prices,
        MasterKeys masterKeys) {
    /** How long the projector may take, by default. */
    public static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);

    public AuditConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(projectorGroup, "projectorGroup");
        requireNonNull(scope, "scope");
        requireNonNull(limits, "limits");
        requireNonNull(prices, "prices");
        requireNonNull(masterKeys, "masterKeys");
        if (waitMax.isNegative()) {
            throw new IllegalArgumentException("waitMax must not be negative, was " + waitMax);
        }
    }

    /** The same for the results that count now, and the group of who makes them. */
    AuditConfig counting() {
        var now = GenerationReader.counting(kafka, topics);
        return new AuditConfig(
                kafka,
                now,
                now.application(projectorGroup),
                scope,
                closed,
                waitMax,
                limits,
                prices,
                masterKeys);
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
                + ", prices="
                + prices.name()
                + ", masterKeys="
                + masterKeys
                + "]";
    }
}
