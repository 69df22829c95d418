package io.tidemark.projector;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

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

    /** Gauge: streams without a result. */
    public static final String OPEN = "tidemark.projector.open";

    /** Summary: events per folded response. */
    public static final String FOLD_EVENTS = "tidemark.projector.fold.events";

    /** Summary: bytes per folded response. */
    public static final String FOLD_BYTES = "tidemark.projector.fold.bytes";

    /** Timer: from the log taking the terminal event to its result being handed to the producer. */
    public static final String RESULT_DELAY = "tidemark.projector.result.delay";

    /** Timer: queries, waits included, with the tag {@value #OUTCOME}. */
    public static final String QUERY = "tidemark.projector.query";

    /** Gauge: queries that wait for a sequence. */
    public static final String WAITING = "tidemark.projector.waiting";

    /** Counter: stream threads that died of an exception. */
    public static final String THREAD_FAULTS = "tidemark.projector.thread.faults";

    /** Tag of {@link #REFUSED}. */
    public static final String REASON = "reason";

    /** Tag of {@link #RESULTS}. */
    public static final String KIND = "kind";

    /** Tag of {@link #QUERY}. */
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
        /** Nothing, since no terminal event could be read. */
        NONE
    }

    /** How a query ended. */
    public enum Outcome {
        FOUND,
        UNKNOWN,
        UNAVAILABLE
    }

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Counter events;
    private final Counter gaps;
    private final Counter unreadable;
    private final Counter abandoned;
    private final Counter expired;
    private final Counter threadFaults;
    private final Map<Refusal, Counter> refused;
    private final Map<Result, Counter> results;
    private final Map<Outcome, Timer> queries;
    private final DistributionSummary foldEvents;
    private final DistributionSummary foldBytes;
    private final Timer resultDelay;
    private final List<Meter> registered = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> open = new ConcurrentHashMap<>();

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
        this.threadFaults = ours(meters.counter(THREAD_FAULTS));
        this.refused = each(Refusal.class, it -> ours(meters.counter(REFUSED, REASON, tag(it))));
        this.results = each(Result.class, it -> ours(meters.counter(RESULTS, KIND, tag(it))));
        this.queries = each(Outcome.class, it -> ours(meters.timer(QUERY, OUTCOME, tag(it))));
        this.foldEvents = ours(meters.summary(FOLD_EVENTS));
        this.foldBytes = ours(meters.summary(FOLD_BYTES));
        this.resultDelay = ours(meters.timer(RESULT_DELAY));
        gauge(OPEN, () -> open.values().stream().mapToLong(Long::longValue).sum());
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

    /** Begins to count the open streams of a partition that this process took over. */
    public void owned(int partition, long streams) {
        open.put(partition, streams);
    }

    /** Counts streams of a partition that were opened, or with a negative number closed. */
    public void opened(int partition, long streams) {
        open.merge(partition, streams, Long::sum);
    }

    /** Counts the open streams of a partition no longer, because this process gave it up. */
    public void released(int partition) {
        open.remove(partition);
    }

    /** Counts an open stream forgotten. */
    public void abandoned() {
        abandoned.increment();
    }

    /** Counts a response at the end of its retention. */
    public void expired() {
        expired.increment();
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
