package io.tidemark.projector;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.seal.SealCounts;
import io.tidemark.seal.Unreadable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The projector's meters: their names, their tags and the places to count. Tags have the values of
 * the enums below and no others. Thread-safe; counting is cheap enough for every record.
 */
public final class ProjectorMetrics implements AutoCloseable {
    /** Counter: events that became part of a stream. */
    public static final String EVENTS = "tidemark.projector.events";

    /** Counter: records passed by, with the tag {@value #REASON}. */
    public static final String REFUSED = "tidemark.projector.refused";

    /** Counter: places in streams where events are missing from the log. */
    public static final String GAPS = "tidemark.projector.gaps";

    /** Counter: values folded over because they are no event of their stream. */
    public static final String UNREADABLE = "tidemark.projector.unreadable";

    /** Counter: results written, with the tag {@value #KIND}. */
    public static final String RESULTS = "tidemark.projector.results";

    /** Counter: open streams forgotten because the log no longer holds them. */
    public static final String ABANDONED = "tidemark.projector.abandoned";

    /** Counter: responses removed from the local store at the end of their retention. */
    public static final String EXPIRED = "tidemark.projector.expired";

    /** Counter: ledger rows by what they cost, with the tag {@value #OUTCOME}. */
    public static final String COSTS = "tidemark.projector.costs";

    /** Counter: ledger rows by how they count in a rollup, with the tag {@value #OUTCOME}. */
    public static final String ROLLUPS = "tidemark.projector.rollups";

    /** Counter: rollups removed from the local store at the end of their retention. */
    public static final String ROLLUPS_EXPIRED = "tidemark.projector.rollups.expired";

    /** Counter: sealed events that could not be opened, with the tag {@value #REASON}. */
    public static final String SEALED_UNREADABLE = "tidemark.projector.sealed.unreadable";

    /** Counter: keys of streams that were looked for in their topic. */
    public static final String KEY_LOOKUPS = "tidemark.projector.key.lookups";

    /** Counter: erasures read, those that were repeated among them. */
    public static final String ERASURES = "tidemark.projector.erasures";

    /**
     * Timer: store files rewritten to get rid of what was erased, for each stretch of keys or
     * store.
     */
    public static final String REWRITES = "tidemark.projector.rewrites";

    /** Gauge: streams without a result. */
    public static final String OPEN = "tidemark.projector.open";

    /** Gauge: open streams of which the log has shown nothing for longer than is usual. */
    public static final String SILENT = "tidemark.projector.silent";

    /** Counter: open streams that were found to be silent, each once for each silence. */
    public static final String SILENT_FOUND = "tidemark.projector.silent.found";

    /** Counter: silent streams that went on. */
    public static final String SILENT_RESUMED = "tidemark.projector.silent.resumed";

    /** Summary: events per folded response. */
    public static final String FOLD_EVENTS = "tidemark.projector.fold.events";

    /** Summary: bytes per folded response. */
    public static final String FOLD_BYTES = "tidemark.projector.fold.bytes";

    /** Timer: from the log taking the terminal event to its result being handed to the producer. */
    public static final String RESULT_DELAY = "tidemark.projector.result.delay";

    /** Timer: queries, waits included, with the tag {@value #OUTCOME}. */
    public static final String QUERY = "tidemark.projector.query";

    /** Timer: questions for lists, with the tag {@value #OUTCOME}. */
    public static final String LIST = "tidemark.projector.list";

    /** Counter: questions passed on to other instances, with the tag {@value #OUTCOME}. */
    public static final String FORWARDED = "tidemark.projector.forwarded";

    /** Gauge: queries that wait for a sequence. */
    public static final String WAITING = "tidemark.projector.waiting";

    /** Counter: stream threads that died of an exception. */
    public static final String THREAD_FAULTS = "tidemark.projector.thread.faults";

    /** Tag of {@link #REFUSED}. */
    public static final String REASON = "reason";

    /** Tag of {@link #RESULTS}. */
    public static final String KIND = "kind";

    /**
     * Tag of {@link #QUERY}, {@link #LIST}, {@link #FORWARDED}, {@link #COSTS} and {@link
     * #ROLLUPS}.
     */
    public static final String OUTCOME = "outcome";

    /** Why a record was passed by. */
    public enum Refusal {
        /** Written under an attempt that a fence has ended. */
        FENCED,
        /** Accepted before. */
        DUPLICATE,
        /** Written after the end of its stream. */
        AFTER_TERMINAL,
        /** Of a stream whose start the log no longer holds. */
        HEADLESS,
        /** Not written by us, or not where its id says. */
        FOREIGN
    }

    /** What was written. */
    public enum Result {
        RESPONSE,
        USAGE,
        /** A response whose content was left out because no topic would take it. */
        OVERSIZED,
        /** A ledger row that was shortened because no topic would take it. */
        OVERSIZED_USAGE,
        /** No response, since the stream was erased. */
        ERASED,
        /** Nothing, since no terminal event could be read. */
        NONE
    }

    /** What was found about the cost of a row, where there are prices. */
    public enum Costing {
        /** A price fitted. */
        PRICED,
        /** None did. */
        NO_PRICE,
        /** Nothing was reported that a price has rates for. */
        NO_FIGURES
    }

    /** How a row counts. */
    public enum Counting {
        /** In the rollup of its tenant, provider and model. */
        APART,
        /** In one that does not tell all of them, because there are too many. */
        TOGETHER,
        /** In none: the rollup of its minute has expired. */
        LATE,
        /** In none: it is no ledger row of its partition. */
        FOREIGN
    }

    /** How a query ended. */
    public enum Outcome {
        FOUND,
        UNKNOWN,
        ERASED,
        UNAVAILABLE
    }

    /** What became of a question that was passed on. */
    public enum Forward {
        ANSWERED,
        /** The other instance could not answer, and said why. */
        UNAVAILABLE,
        /** The other instance did not say anything in time. */
        UNREACHABLE
    }

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Counter events;
    private final Counter gaps;
    private final Counter unreadable;
    private final Counter abandoned;
    private final Counter expired;
    private final Counter silentFound;
    private final Counter erasures;
    private final Timer rewrites;
    private final Counter silentResumed;
    private final Counter threadFaults;
    private final Map<Refusal, Counter> refused;
    private final Map<Result, Counter> results;
    private final Map<Outcome, Timer> queries;
    private final Map<Costing, Counter> costs;
    private final Map<Counting, Counter> rollups;
    private final Counter rollupsExpired;
    private final Map<Outcome, Timer> lists;
    private final Map<Forward, Counter> forwarded;
    private final DistributionSummary foldEvents;
    private final DistributionSummary foldBytes;
    private final Timer resultDelay;
    private final List<Meter> registered = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> open = new ConcurrentHashMap<>();
    private final Map<Integer, Long> silent = new ConcurrentHashMap<>();

    /**
     * Registers the meters.
     *
     * @param meters where
     * @param clock tells the time that delays are measured against
     */
    public ProjectorMetrics(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
        this.events = ours(meters.counter(EVENTS));
        this.gaps = ours(meters.counter(GAPS));
        this.unreadable = ours(meters.counter(UNREADABLE));
        this.abandoned = ours(meters.counter(ABANDONED));
        this.expired = ours(meters.counter(EXPIRED));
        this.erasures = ours(meters.counter(ERASURES));
        this.rewrites = ours(meters.timer(REWRITES));
        this.silentFound = ours(meters.counter(SILENT_FOUND));
        this.silentResumed = ours(meters.counter(SILENT_RESUMED));
        this.threadFaults = ours(meters.counter(THREAD_FAULTS));
        this.refused = each(Refusal.class, it -> ours(meters.counter(REFUSED, REASON, tag(it))));
        this.results = each(Result.class, it -> ours(meters.counter(RESULTS, KIND, tag(it))));
        this.queries = each(Outcome.class, it -> ours(meters.timer(QUERY, OUTCOME, tag(it))));
        this.costs = each(Costing.class, it -> ours(meters.counter(COSTS, OUTCOME, tag(it))));
        this.rollups = each(Counting.class, it -> ours(meters.counter(ROLLUPS, OUTCOME, tag(it))));
        this.rollupsExpired = ours(meters.counter(ROLLUPS_EXPIRED));
        this.lists = each(Outcome.class, it -> ours(meters.timer(LIST, OUTCOME, tag(it))));
        this.forwarded =
                each(Forward.class, it -> ours(meters.counter(FORWARDED, OUTCOME, tag(it))));
        this.foldEvents = ours(meters.summary(FOLD_EVENTS));
        this.foldBytes = ours(meters.summary(FOLD_BYTES));
        this.resultDelay = ours(meters.timer(RESULT_DELAY));
        gauge(OPEN, () -> sum(open));
        gauge(SILENT, () -> sum(silent));
    }

    /** What is counted of encrypted streams. */
    public SealCounts sealed() {
        var counts = new SealCounts();
        ours(FunctionCounter.builder(KEY_LOOKUPS, counts, SealCounts::lookups).register(meters));
        for (var why : Unreadable.values()) {
            ours(
                    FunctionCounter.builder(SEALED_UNREADABLE, counts, it -> it.of(why))
                            .tag(REASON, why.wire())
                            .register(meters));
        }
        return counts;
    }

    private static long sum(Map<Integer, Long> partitions) {
        return partitions.values().stream().mapToLong(Long::longValue).sum();
    }

    private <M extends Meter> M ours(M meter) {
        registered.add(meter);
        return meter;
    }

    private static <E extends Enum<E>, M> Map<E, M> each(Class<E> type, Function<E, M> meter) {
        return Arrays.stream(type.getEnumConstants())
                .collect(
                        Collectors.toMap(
                                Function.identity(),
                                meter,
                                (first, _) -> first,
                                () -> new EnumMap<>(type)));
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Counts an event that became part of a stream. */
    public void accepted() {
        events.increment();
    }

    /** Counts a record that was passed by. */
    public void refused(Refusal reason) {
        requireNonNull(refused.get(reason)).increment();
    }

    /** Counts a place where events are missing. */
    public void gap() {
        gaps.increment();
    }

    /** Counts a result written. */
    public void result(Result kind) {
        requireNonNull(results.get(kind)).increment();
    }

    /** Counts a ledger row by its cost. */
    public void costed(Costing outcome) {
        requireNonNull(costs.get(outcome)).increment();
    }

    /** Counts a ledger row by the rollup it counts in. */
    public void rolledUp(Counting outcome) {
        requireNonNull(rollups.get(outcome)).increment();
    }

    /** Counts a rollup at the end of its retention. */
    public void rollupExpired() {
        rollupsExpired.increment();
    }

    /** Records a fold of {@code foldedEvents} events to a response of {@code bytes} bytes. */
    public void folded(long foldedEvents, long unreadableValues, long bytes) {
        foldEvents.record((double) foldedEvents);
        foldBytes.record((double) bytes);
        unreadable.increment((double) unreadableValues);
    }

    /** Records how long ago the log took a terminal event, in epoch milliseconds. */
    public void resultOut(long appendedAt) {
        resultDelay.record(Duration.ofMillis(Math.max(0, clock.millis() - appendedAt)));
    }

    /** Begins to count the open streams, and silent ones, of a partition that was taken over. */
    public void owned(int partition, long streams, long silentStreams) {
        open.put(partition, streams);
        silent.put(partition, silentStreams);
    }

    /** Counts streams of a partition that were opened, or with a negative number closed. */
    public void opened(int partition, long streams) {
        open.merge(partition, streams, Long::sum);
    }

    /** Counts the open streams of a partition no longer, because this process gave it up. */
    public void released(int partition) {
        open.remove(partition);
        silent.remove(partition);
    }

    /** Counts an open stream that was found to be silent. */
    public void fellSilent(int partition) {
        silentFound.increment();
        silent.merge(partition, 1L, Long::sum);
    }

    /** Counts a silent stream that goes on. */
    public void spokeAgain(int partition) {
        silentResumed.increment();
        silenceOver(partition);
    }

    /** Counts a silent stream no longer. */
    public void silenceOver(int partition) {
        silent.merge(partition, -1L, Long::sum);
    }

    /** Counts an open stream forgotten. */
    public void abandoned() {
        abandoned.increment();
    }

    /** Counts a response at the end of its retention. */
    public void expired() {
        expired.increment();
    }

    /** Counts an erasure. */
    public void erased() {
        erasures.increment();
    }

    /** Records that files of a store were rewritten. */
    public void rewritten(Duration taken) {
        rewrites.record(taken);
    }

    /** Counts a stream thread that died. */
    public void threadFault() {
        threadFaults.increment();
    }

    /** Starts to time a query. */
    public Timer.Sample queryStarted() {
        return Timer.start(meters);
    }

    /** Records a query. */
    public void queried(Timer.Sample sample, Outcome outcome) {
        sample.stop(requireNonNull(queries.get(outcome)));
    }

    /** Records a question for a list. */
    public void listed(Timer.Sample sample, Outcome outcome) {
        sample.stop(requireNonNull(lists.get(outcome)));
    }

    /** Counts a question that was passed on. */
    public void forwarded(Forward outcome) {
        requireNonNull(forwarded.get(outcome)).increment();
    }

    /** Shows a number of waiting queries. */
    public void waiting(Supplier<Number> size) {
        gauge(WAITING, size);
    }

    private void gauge(String name, Supplier<Number> value) {
        var _ = ours(Gauge.builder(name, value).register(meters));
    }

    /** Takes the meters away, which would otherwise show for ever how things were at the end. */
    @Override
    public void close() {
        registered.forEach(meters::remove);
    }
}
