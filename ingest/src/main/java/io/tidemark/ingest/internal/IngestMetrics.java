package io.tidemark.ingest.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.schemas.DeadLetter.Reason;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.seal.SealCounts;
import io.tidemark.seal.Unreadable;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of a worker. Tags have few values: never an id, and of the names that providers invent
 * only the first {@value #PROVIDER_TYPES_MAX}. Thread-safe.
 */
public final class IngestMetrics {
    /** Streams in flight, a gauge. */
    public static final String STREAMS_OPEN = "tidemark.ingest.streams.open";

    /** Streams begun; tag {@code provider}. */
    public static final String STREAMS_STARTED = "tidemark.ingest.streams.started";

    /**
     * Terminal events written; tags {@code provider}, {@code outcome}, and {@code code}, {@code
     * none} if not failed.
     */
    public static final String STREAMS_ENDED = "tidemark.ingest.streams.ended";

    /**
     * Streams that were cancelled because nobody read them any more; among those that ended as
     * {@code cancelled}; tag {@code provider}.
     */
    public static final String STREAMS_DESERTED = "tidemark.ingest.streams.deserted";

    /** Streams found open in the log; tag {@code action}. */
    public static final String STREAMS_TAKEN_OVER = "tidemark.ingest.streams.taken.over";

    /** Events written. */
    public static final String EVENTS_WRITTEN = "tidemark.ingest.events.written";

    /** Bytes of events written, before compression. */
    public static final String EVENT_BYTES = "tidemark.ingest.events.bytes";

    /** Time from an event's stamp to its append by the broker. */
    public static final String STAMP_TO_APPEND = "tidemark.ingest.stamp.to.append";

    /** Time from the request to the first byte of the body; tag {@code provider}. */
    public static final String FIRST_BYTE = "tidemark.ingest.first.byte";

    /**
     * Attempts beyond a stream's first; tags {@code provider} (asked now), {@code code} (why the
     * one before failed) and {@code fallback} ({@code true} if another provider was asked before).
     */
    public static final String ATTEMPTS_RETRIED = "tidemark.ingest.attempts.retried";

    /**
     * Connections to responses that providers go on with by themselves which were lost and made
     * again; tags {@code provider} and {@code outcome}: {@code resumed}, {@code given_up}, {@code
     * contradicted} (what was read again is not what the log holds).
     */
    public static final String RESPONSES_RESUMED = "tidemark.ingest.responses.resumed";

    /**
     * Requests to providers to go no further with a response; tags {@code provider} and {@code
     * outcome}: {@code done}, {@code failed}.
     */
    public static final String PROVIDER_CANCELS = "tidemark.ingest.provider.cancels";

    /** Whether calls to a provider are suspended, 1 or 0, a gauge; tag {@code provider}. */
    public static final String PROVIDER_SUSPENDED = "tidemark.ingest.provider.suspended";

    /** Frames that no event type can hold; tags {@code provider} and {@code type}. */
    public static final String PROVIDER_EVENTS_UNMAPPED =
            "tidemark.ingest.provider.events.unmapped";

    /** Frames that came after the terminal. */
    public static final String FRAMES_LATE = "tidemark.ingest.frames.late";

    /** Commands passed by; tag {@code reason}, as in their dead letters. */
    public static final String COMMANDS_IGNORED = "tidemark.ingest.commands.ignored";

    /** Commands that retention removed before their partition's owner came to read them. */
    public static final String COMMANDS_EXPIRED = "tidemark.ingest.commands.expired";

    /** What became of their dead letters; tag {@code outcome}. */
    public static final String DEAD_LETTERS = "tidemark.ingest.dead.letters";

    /** Streams of which Kafka did not take a record, each time. */
    public static final String STREAMS_BROKEN = "tidemark.ingest.streams.broken";

    /** Streams that went on behind a fence of our own after that, each time. */
    public static final String STREAMS_MENDED = "tidemark.ingest.streams.mended";

    /** Producers that failed and were replaced. */
    public static final String PRODUCERS_REPLACED = "tidemark.ingest.producers.replaced";

    /** Sealed events and starts that could not be opened; tag {@code reason}. */
    public static final String SEALED_UNREADABLE = "tidemark.ingest.sealed.unreadable";

    /** Keys of streams that were looked for in their topic. */
    public static final String KEY_LOOKUPS = "tidemark.ingest.key.lookups";

    private static final int PROVIDER_TYPES_MAX = 100;

    /** Tag of what no configured provider, or no failure, stands for. */
    static final String NONE = "none";

    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter events;
    private final Counter eventBytes;
    private final Counter lateFrames;
    private final Counter producersReplaced;
    private final Counter streamsBroken;
    private final Counter streamsMended;
    private final Timer stampToAppend;
    private final Set<String> providerTypes = ConcurrentHashMap.newKeySet();

    public IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge(STREAMS_OPEN, open);
        this.events = registry.counter(EVENTS_WRITTEN);
        this.eventBytes = registry.counter(EVENT_BYTES);
        this.lateFrames = registry.counter(FRAMES_LATE);
        this.producersReplaced = registry.counter(PRODUCERS_REPLACED);
        this.streamsBroken = registry.counter(STREAMS_BROKEN);
        this.streamsMended = registry.counter(STREAMS_MENDED);
        this.stampToAppend =
                Timer.builder(STAMP_TO_APPEND).publishPercentileHistogram().register(registry);
    }

    /** What is counted of encrypted streams. */
    static SealCounts sealed(MeterRegistry registry) {
        var counts = new SealCounts();
        FunctionCounter.builder(KEY_LOOKUPS, counts, SealCounts::lookups).register(registry);
        for (var why : Unreadable.values()) {
            FunctionCounter.builder(SEALED_UNREADABLE, counts, it -> it.of(why))
                    .tag("reason", why.wire())
                    .register(registry);
        }
        return counts;
    }

    /** What became of a dead letter. */
    enum Letter {
        /** It is in its topic. */
        WHOLE,
        /** It is there without its value. */
        SHORTENED,
        /** It was there before. */
        KNOWN,
        /** Kafka did not take it. */
        REFUSED,
        /** Too many were waiting. */
        NO_ROOM
    }

    void opened(String provider) {
        open.incrementAndGet();
        registry.counter(STREAMS_STARTED, "provider", provider).increment();
    }

    void closed() {
        open.decrementAndGet();
    }

    void takenOver(String action) {
        registry.counter(STREAMS_TAKEN_OVER, "action", action).increment();
    }

    void written(String provider, EventBody body, int bytes) {
        events.increment();
        eventBytes.increment(bytes);
        switch (body) {
            case Completed completed -> completed(provider, completed);
            case Failed failed -> ended(provider, "failed", failed.code());
            case ProviderEvent event -> unmapped(event);
            default -> {} // the rest is counted as events only
        }
    }

    private void completed(String provider, Completed completed) {
        ended(provider, completed.outcome().wire(), NONE);
        if (completed.finishReason().equals(FinishReason.DISCONNECTED.wire())) {
            registry.counter(STREAMS_DESERTED, "provider", provider).increment();
        }
    }

    private void ended(String provider, String outcome, String code) {
        registry.counter(STREAMS_ENDED, "provider", provider, "outcome", outcome, "code", code)
                .increment();
    }

    private void unmapped(ProviderEvent event) {
        var type = event.providerType();
        boolean known =
                providerTypes.contains(type)
                        || (providerTypes.size() < PROVIDER_TYPES_MAX && providerTypes.add(type));
        registry.counter(
                        PROVIDER_EVENTS_UNMAPPED,
                        "provider",
                        event.provider(),
                        "type",
                        known ? type : "other")
                .increment();
    }

    /* The two clocks are the worker's and the broker's, so the difference may be below zero. */
    void appended(long stampedAtMs, long appendedAtMs) {
        stampToAppend.record(Duration.ofMillis(Math.max(0, appendedAtMs - stampedAtMs)));
    }

    void firstByte(String provider, Duration after) {
        Timer.builder(FIRST_BYTE).tag("provider", provider).register(registry).record(after);
    }

    void retried(String provider, String code, boolean fallback) {
        registry.counter(
                        ATTEMPTS_RETRIED,
                        "provider",
                        provider,
                        "code",
                        code,
                        "fallback",
                        Boolean.toString(fallback))
                .increment();
    }

    /** What became of reading a response again. */
    enum Resumed {
        RESUMED,
        GIVEN_UP,
        CONTRADICTED
    }

    void resumed(String provider, Resumed outcome) {
        registry.counter(
                        RESPONSES_RESUMED,
                        "provider",
                        provider,
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void cancelledAtProvider(String provider, boolean done) {
        registry.counter(
                        PROVIDER_CANCELS, "provider", provider, "outcome", done ? "done" : "failed")
                .increment();
    }

    void watch(String provider, ProviderHealth health) {
        Gauge.builder(PROVIDER_SUSPENDED, health, it -> it.isSuspended() ? 1 : 0)
                .tag("provider", provider)
                .register(registry);
    }

    void lateFrame() {
        lateFrames.increment();
    }

    void ignored(Reason reason) {
        registry.counter(COMMANDS_IGNORED, "reason", reason.wire()).increment();
    }

    void expired(long commands) {
        registry.counter(COMMANDS_EXPIRED).increment((double) commands);
    }

    void letter(Letter outcome) {
        registry.counter(DEAD_LETTERS, "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void broken() {
        streamsBroken.increment();
    }

    void mended() {
        streamsMended.increment();
    }

    void producerReplaced() {
        producersReplaced.increment();
    }
}
