package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * What one minute brought to one tenant, provider and model: a value of {@code tidemark.rollups}
 * (section 8.6 of the protocol). Everything in it is added by exact addition, so the order in which
 * rows come makes no difference, and rollups can be merged further. Holds no content. Immutable.
 *
 * <p>Each of its maps has keys of a bounded set: names of the contract, and currencies of prices.
 *
 * @param schemaVersion major version, {@value #SCHEMA_VERSION}
 * @param minute its beginning, epoch milliseconds
 * @param tenant absent for nobody's
 * @param requests how many ledger rows
 * @param statuses rows by status
 * @param finishReasons rows that did not fail by finish reason; {@value #OTHER} for none and for
 *     one that this version does not know
 * @param failures rows that failed by code, likewise
 * @param provenance rows by provenance
 * @param usage sums of the figures of usage, by name
 * @param costs sums of costs, by currency
 * @param withoutCost rows without a cost
 * @param timeToFirstTokenMs of the rows that tell it, in milliseconds
 * @param timePerOutputTokenUs likewise, in microseconds
 */
public record Rollup(
        int schemaVersion,
        long minute,
        @Nullable String tenant,
        String provider,
        String model,
        long requests,
        Map<String, Long> statuses,
        Map<String, Long> finishReasons,
        Map<String, Long> failures,
        Map<String, Long> provenance,
        Map<String, BigDecimal> usage,
        Map<String, Amount> costs,
        long withoutCost,
        Histogram timeToFirstTokenMs,
        Histogram timePerOutputTokenUs) {
    /** The major version of this shape. */
    public static final int SCHEMA_VERSION = 1;

    /** Counts what has none of the names of the contract. */
    public static final String OTHER = "other";

    /** Longest time that is believed, in milliseconds: some 30 years. */
    static final long TIME_LIMIT_MS = 1_000_000_000_000L;

    private static final long US_OF_MS = 1_000;

    public Rollup {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        requireNonNull(timeToFirstTokenMs, "timeToFirstTokenMs");
        requireNonNull(timePerOutputTokenUs, "timePerOutputTokenUs");
        statuses = Map.copyOf(statuses);
        finishReasons = Map.copyOf(finishReasons);
        failures = Map.copyOf(failures);
        provenance = Map.copyOf(provenance);
        usage = Map.copyOf(usage);
        costs = Map.copyOf(costs);
    }

    /** The rollup of one ledger row. */
    public static Rollup of(RollupKey key, UsageRow row) {
        boolean failed = row.status() == Response.Status.FAILED;
        var cost = row.cost();
        return new Rollup(
                SCHEMA_VERSION,
                key.minute(),
                key.tenant(),
                key.provider(),
                key.model(),
                1,
                one(row.status().wire()),
                failed ? Map.of() : one(known(row.finishReason(), FinishReason.values())),
                failed ? one(known(row.failureCode(), ErrorCode.values())) : Map.of(),
                one(row.provenance().wire()),
                figures(row.usage()),
                cost == null ? Map.of() : Map.of(cost.currency(), cost.amount()),
                cost == null ? 1 : 0,
                timeToFirstToken(row.timings()),
                timePerOutputToken(row));
    }

    private static Map<String, Long> one(String name) {
        return Map.of(name, 1L);
    }

    private static String known(@Nullable String name, WireName[] names) {
        return Stream.of(names).map(WireName::wire).anyMatch(it -> it.equals(name))
                ? requireNonNull(name)
                : OTHER;
    }

    private static Map<String, BigDecimal> figures(@Nullable Usage usage) {
        var figures = new TreeMap<String, BigDecimal>();
        for (var kind : UsageKind.values()) {
            var figure = usage == null ? null : kind.of(usage);
            if (figure != null) {
                figures.put(kind.wire(), figure);
            }
        }
        return figures;
    }

    private static Histogram timeToFirstToken(Response.Timings timings) {
        var time = timings.timeToFirstContentMs();
        return time == null || !believed(time) ? Histogram.EMPTY : Histogram.of(time);
    }

    private static boolean believed(long millis) {
        return millis >= 0 && millis < TIME_LIMIT_MS;
    }

    /* The first token is there when the time begins, so the others are what took it. */
    private static Histogram timePerOutputToken(UsageRow row) {
        var first = row.timings().firstContentAt();
        var end = row.timings().endedAt();
        var output = row.usage() == null ? null : row.usage().output();
        if (first == null || end == null || output == null || output < 2) {
            return Histogram.EMPTY;
        }
        boolean whole = row.provenance() == Provenance.PROVIDER;
        if (!whole || first < 0 || end < first || !believed(end - first)) {
            return Histogram.EMPTY;
        }
        return Histogram.of((end - first) * US_OF_MS / (output - 1));
    }

    /**
     * The rollup of the rows of both.
     *
     * @return with this one's minute, tenant, provider and model, whatever the other one's are
     */
    public Rollup plus(Rollup other) {
        return new Rollup(
                SCHEMA_VERSION,
                minute,
                tenant,
                provider,
                model,
                requests + other.requests,
                added(statuses, other.statuses, Long::sum),
                added(finishReasons, other.finishReasons, Long::sum),
                added(failures, other.failures, Long::sum),
                added(provenance, other.provenance, Long::sum),
                added(usage, other.usage, (one, two) -> Amount.plain(one.add(two))),
                added(costs, other.costs, Amount::plus),
                withoutCost + other.withoutCost,
                timeToFirstTokenMs.plus(other.timeToFirstTokenMs),
                timePerOutputTokenUs.plus(other.timePerOutputTokenUs));
    }

    private static <N> Map<String, N> added(
            Map<String, N> one, Map<String, N> two, BinaryOperator<N> sum) {
        var both = new TreeMap<>(one);
        two.forEach((name, number) -> both.merge(name, number, sum));
        return both;
    }

    @Override
    public String toString() {
        return "Rollup[minute=" + minute + ", requests=" + requests + "]";
    }
}
