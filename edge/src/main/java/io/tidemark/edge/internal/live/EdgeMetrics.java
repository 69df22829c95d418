package io.tidemark.edge.internal.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.seal.SealCounts;
import io.tidemark.seal.Unreadable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The edge's meters: names and tags are constants here, and nowhere else. Thread-safe. */
public final class EdgeMetrics {
    /** Readers now, by {@link #STATE}. */
    public static final String READERS = "tidemark.edge.readers";

    /** Readers that were opened, by {@link #WAY} and {@link #KIND}. */
    public static final String OPENED = "tidemark.edge.opened";

    /** Events written to readers from the log. */
    public static final String REPLAYED = "tidemark.edge.replayed";

    /** Handovers from the log to the window. */
    public static final String JOINED = "tidemark.edge.joined";

    /** Readers that had to go back to the log. */
    public static final String LAPPED = "tidemark.edge.lapped";

    /** Requests that were sent to the edge that serves their stream's partition. */
    public static final String REDIRECTED = "tidemark.edge.redirected";

    /** Readers that were asked to come back because they had been there for long. */
    public static final String ROTATED = "tidemark.edge.rotated";

    /** Readers whose client went away before the end. */
    public static final String DISCONNECTED = "tidemark.edge.disconnected";

    /** Bytes of events written to readers. */
    public static final String BYTES = "tidemark.edge.bytes";

    /** Time from the broker's append of an event to its write to a live reader. */
    public static final String APPEND_TO_WRITE = "tidemark.edge.append.to.write";

    /** Requests refused, by {@link #CODE}. */
    public static final String REFUSED = "tidemark.edge.refused";

    /** Time from a reader's start to where its first event is known, by {@link #WAY}. */
    public static final String LOCATE = "tidemark.edge.locate";

    /** Passes over the log for readers that are behind. */
    public static final String READS = "tidemark.edge.reads";

    /** Batches for readers that cost no pass of their own: another's brought them along. */
    public static final String READS_SHARED = "tidemark.edge.reads.shared";

    /** Bytes that the index of places in the log holds. */
    public static final String INDEX_BYTES = "tidemark.edge.index.bytes";

    /** Streams that it knows. */
    public static final String INDEX_STREAMS = "tidemark.edge.index.streams";

    /** Bytes that the window holds. */
    public static final String WINDOW_BYTES = "tidemark.edge.window.bytes";

    /** Streams that the window holds. */
    public static final String WINDOW_STREAMS = "tidemark.edge.window.streams";

    /** Streams that the window has let go. */
    public static final String EVICTED = "tidemark.edge.window.evicted";

    /** Times that the window has let go of the older half of a stream. */
    public static final String SHORTENED = "tidemark.edge.window.shortened";

    /** Records in the log that the tail has not dispatched. */
    public static final String TAIL_LAG = "tidemark.edge.tail.lag";

    /** Times that the tail could not read. */
    public static final String TAIL_FAILED = "tidemark.edge.tail.failed";

    /** Records in the log of events that are not events. */
    public static final String FOREIGN = "tidemark.edge.foreign.records";

    /**
     * Records that the window met beyond the next sequence of their stream: something between is
     * missing. Above zero, a writer has lost records.
     */
    public static final String GAPS = "tidemark.edge.gap.records";

    /** Starts with a key, by {@link #OUTCOME}. */
    public static final String KEYED = "tidemark.edge.keyed.starts";

    /** Keys of starts that are remembered. */
    public static final String KEYS = "tidemark.edge.start.keys";

    /** Keys that were forgotten before their time, because there were too many. */
    public static final String KEYS_FORGOTTEN = "tidemark.edge.start.keys.forgotten";

    /** Questions that were put to another projector, because the one before could not answer. */
    public static final String PROJECTOR_FAILED_OVER = "tidemark.edge.projector.failed.over";

    /** Erasures that this edge has heeded, those that it was told of at its start among them. */
    public static final String ERASURES = "tidemark.edge.erasures";

    /** Sealed events that could not be opened; tag {@code reason}. */
    public static final String SEALED_UNREADABLE = "tidemark.edge.sealed.unreadable";

    /** Keys of streams that were looked for in their topic. */
    public static final String KEY_LOOKUPS = "tidemark.edge.key.lookups";

    /** Erased streams that are remembered one by one. */
    public static final String ERASED = "tidemark.edge.erased.streams";

    /** Erased streams that were forgotten before their time, because there were too many. */
    public static final String ERASED_FORGOTTEN = "tidemark.edge.erased.forgotten";

    /** Tag: a reader's state. */
    public static final String STATE = "state";

    /** Tag: how a reader's first event was found, {@code window}, {@code index} or {@code log}. */
    public static final String WAY = "way";

    /**
     * Tag: {@code first} for a reader from the beginning, {@code resume} for one that comes back.
     */
    public static final String KIND = "kind";

    /** Tag: code of a problem. */
    public static final String CODE = "code";

    /** Tag: what a key meant for its start, a {@link Keyed} in lower case. */
    public static final String OUTCOME = "outcome";

    /** What a key meant for its start. */
    public enum Keyed {
        /** Nobody had used it before. */
        FIRST,
        /** Somebody had, and did not come to start the stream. */
        TAKEN_OVER,
        /** The stream is there. */
        REPEATED,
        /** It was used for something else. */
        ANOTHER_BODY,
        /** Somebody is about to start the stream. */
        IN_PROGRESS,
        /** The log did not tell in time. */
        UNAVAILABLE
    }

    /** How a reader's first event was found. */
    public enum Way {
        /** In memory. */
        WINDOW,
        /** At a place in the log that the tail has noted. */
        INDEX,
        /** By the log's time index and a scan. */
        LOG
    }

    private static final List<String> STATES =
            List.of("locate", "replay", "join", "live", "lapped", "drained");

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Map<String, AtomicInteger> readers;
    private final Map<String, Counter> refused = new ConcurrentHashMap<>();
    private final Counter replayed;
    private final Counter joined;
    private final Counter lapped;
    private final Counter rotated;
    private final Counter redirected;
    private final Counter disconnected;
    private final Counter bytes;
    private final Counter evicted;
    private final Counter shortened;
    private final Counter foreign;
    private final Counter gaps;
    private final Counter tailFailed;
    private final Counter reads;
    private final Counter readsShared;
    private final Counter keysForgotten;
    private final Counter projectorFailedOver;
    private final Counter erasures;
    private final Counter erasedForgotten;
    private final Timer appendToWrite;
    private final Map<Way, Timer> locate = new EnumMap<>(Way.class);

    /** Registers the meters. */
    public EdgeMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.readers =
                STATES.stream().collect(Collectors.toUnmodifiableMap(s -> s, this::stateGauge));
        this.replayed = registry.counter(REPLAYED);
        this.joined = registry.counter(JOINED);
        this.lapped = registry.counter(LAPPED);
        this.rotated = registry.counter(ROTATED);
        this.redirected = registry.counter(REDIRECTED);
        this.disconnected = registry.counter(DISCONNECTED);
        this.bytes = registry.counter(BYTES);
        this.evicted = registry.counter(EVICTED);
        this.shortened = registry.counter(SHORTENED);
        this.foreign = registry.counter(FOREIGN);
        this.gaps = registry.counter(GAPS);
        this.tailFailed = registry.counter(TAIL_FAILED);
        this.reads = registry.counter(READS);
        this.readsShared = registry.counter(READS_SHARED);
        this.keysForgotten = registry.counter(KEYS_FORGOTTEN);
        this.projectorFailedOver = registry.counter(PROJECTOR_FAILED_OVER);
        this.erasures = registry.counter(ERASURES);
        this.erasedForgotten = registry.counter(ERASED_FORGOTTEN);
        this.appendToWrite =
                Timer.builder(APPEND_TO_WRITE).publishPercentileHistogram().register(registry);
        for (var way : Way.values()) {
            locate.put(
                    way,
                    Timer.builder(LOCATE)
                            .tag(WAY, tag(way))
                            .publishPercentileHistogram()
                            .register(registry));
        }
    }

    private static String tag(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    private AtomicInteger stateGauge(String state) {
        var count = new AtomicInteger();
        Gauge.builder(READERS, count, AtomicInteger::get).tag(STATE, state).register(registry);
        return count;
    }

    void window(LongSupplier bytesHeld, LongSupplier streamsHeld) {
        gauge(WINDOW_BYTES, bytesHeld);
        gauge(WINDOW_STREAMS, streamsHeld);
    }

    void index(LongSupplier bytesHeld, LongSupplier streamsHeld) {
        gauge(INDEX_BYTES, bytesHeld);
        gauge(INDEX_STREAMS, streamsHeld);
    }

    void tailLag(LongSupplier lag) {
        gauge(TAIL_LAG, lag);
    }

    /** Says how many keys of starts are remembered. */
    public void keys(LongSupplier remembered) {
        gauge(KEYS, remembered);
    }

    /** A start had a key. */
    public void keyed(Keyed outcome) {
        registry.counter(KEYED, OUTCOME, outcome.name().toLowerCase(Locale.ROOT)).increment();
    }

    /** A key was forgotten before its time. */
    public void keyForgotten() {
        keysForgotten.increment();
    }

    /** An erasure was heeded. */
    public void erasure() {
        erasures.increment();
    }

    /** What is counted of encrypted streams. */
    public SealCounts sealed() {
        var counts = new SealCounts();
        FunctionCounter.builder(KEY_LOOKUPS, counts, SealCounts::lookups).register(registry);
        for (var why : Unreadable.values()) {
            FunctionCounter.builder(SEALED_UNREADABLE, counts, it -> it.of(why))
                    .tag("reason", why.wire())
                    .register(registry);
        }
        return counts;
    }

    /** Shows how many erased streams are remembered. */
    public void erased(LongSupplier remembered) {
        gauge(ERASED, remembered);
    }

    /** Erased streams had to be forgotten. */
    public void erasedForgotten(int streams) {
        erasedForgotten.increment(streams);
    }

    private void gauge(String name, LongSupplier value) {
        Gauge.builder(name, value, held -> (double) held.getAsLong())
                .strongReference(true)
                .register(registry);
    }

    void entered(ReaderState state) {
        count(state, 1);
    }

    void moved(ReaderState from, ReaderState to) {
        count(from, -1);
        count(to, 1);
    }

    /* The states of readers that are done are not counted. */
    private void count(ReaderState state, int change) {
        var count = readers.get(state.label());
        if (count != null) {
            count.addAndGet(change);
        }
    }

    void resumed(Way way, boolean comesBack) {
        registry.counter(OPENED, WAY, tag(way), KIND, comesBack ? "resume" : "first").increment();
    }

    /** A reader knows where its first event is. */
    void located(Way way, Duration after) {
        var timer = locate.get(way);
        if (timer != null) {
            timer.record(after);
        }
    }

    /**
     * The log was passed over once.
     *
     * @param batches how many batches it brought
     */
    void read(int batches) {
        reads.increment();
        readsShared.increment(Math.max(0, batches - 1));
    }

    void shared(int batches) {
        readsShared.increment(batches);
    }

    void replayed(int events) {
        replayed.increment(events);
    }

    void joined() {
        joined.increment();
    }

    /** A request was sent to another edge. */
    public void redirected() {
        redirected.increment();
    }

    /** A projector could not answer, and another one is asked. */
    public void projectorFailedOver() {
        projectorFailedOver.increment();
    }

    void rotated() {
        rotated.increment();
    }

    void lapped() {
        lapped.increment();
    }

    /** A client went away. */
    public void disconnected() {
        disconnected.increment();
    }

    void written(long size) {
        bytes.increment((double) size);
    }

    void appended(long appendedAtMs) {
        appendToWrite.record(Duration.ofMillis(Math.max(0, clock.millis() - appendedAtMs)));
    }

    /** A request was refused. */
    public void refused(String code) {
        refused.computeIfAbsent(code, absent -> registry.counter(REFUSED, CODE, absent))
                .increment();
    }

    void shortened() {
        shortened.increment();
    }

    void evicted() {
        evicted.increment();
    }

    void foreignRecord() {
        foreign.increment();
    }

    void gapRecord() {
        gaps.increment();
    }

    void tailFailed() {
        tailFailed.increment();
    }
}
