package io.tidemark.ingest.internal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes one stream under one attempt: numbers its events, stamps them, and sends them in order.
 *
 * <pre>
 *   next = 0 --started--&gt; open --any other event--&gt; open --terminal--&gt; ended
 *   next &gt; 0 (taken over) --^
 * </pre>
 *
 * <p>After the first record that Kafka did not take nothing more is sent: the log may have a hole
 * there, and only a read-back under a higher attempt may go on. Sending does not wait for
 * acknowledgements; {@link #awaitEnd} does. Confined to the stream's thread, but for {@link
 * #nextSequence} and {@link #lastOffset}, which any thread may read.
 */
final class EventWriter {
    /** Where events go and what is told about them; shared by all streams of a worker. */
    record Log(
            LogProducer producer,
            String topicName,
            int eventBytesMax,
            InstantSource clock,
            IngestMetrics metrics) {}

    private final Log log;
    private final LogProducer.Line line;
    private final StreamId id;
    private final String provider;
    private final Attempt attempt;
    private final @Nullable String traceparent;
    private final boolean presence;
    private final Runnable broken;
    private final CompletableFuture<RecordMetadata> end = new CompletableFuture<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    /* Written by the stream's thread alone. */
    private volatile long next;
    /* Written by the producer's thread alone. */
    private volatile long lastOffset = -1;
    private boolean ended;

    /**
     * A writer that goes on where the log ends.
     *
     * @param start what was asked for; it is not kept
     * @param provider tag of the meters, one of few
     * @param next sequence of the first event it writes; 0 if nothing was written yet
     * @param broken called once, on the producer's thread, when Kafka did not take a record
     */
    EventWriter(
            Log log,
            Command.Start start,
            String provider,
            Attempt attempt,
            long next,
            Runnable broken) {
        this.log = log;
        this.line = log.producer().line();
        this.id = start.requestId();
        this.provider = provider;
        this.attempt = attempt;
        this.next = next;
        this.traceparent = start.traceparent();
        this.presence = start.onDisconnect() != OnDisconnect.CONTINUE;
        this.broken = broken;
    }

    /**
     * Sends an event; an empty delta is dropped before it gets a number.
     *
     * @throws LogFailedException if an earlier record of the stream was not taken
     * @throws EventTooLargeException if the event is larger than the log takes; it has no number
     * @throws IllegalStateException for a second start, an event before the start, or one after the
     *     terminal
     */
    void write(Draft draft) {
        requireHealthy();
        requireLegal(draft.body());
        if (empty(draft.body())) {
            return;
        }
        var event =
                new StreamEvent(id, next, log.clock().millis(), draft.placement(), draft.body());
        var record = EventRecord.of(log.topicName(), event, attempt, traceparent, presence);
        int bytes = record.value().length;
        if (bytes > log.eventBytesMax()) {
            throw new EventTooLargeException(bytes, log.eventBytesMax());
        }
        next = event.sequence() + 1;
        ended = event.terminal();
        log.metrics().written(provider, draft.body(), bytes);
        line.send(record, (metadata, failed) -> told(metadata, failed, event));
    }

    /* Acknowledgements of one partition come in order, so the terminal's speaks for all. */
    private void told(
            @Nullable RecordMetadata metadata, @Nullable Exception failed, StreamEvent event) {
        if (failed != null) {
            if (failure.compareAndSet(null, failed)) {
                end.completeExceptionally(failed);
                broken.run();
            }
        } else if (metadata != null && failure.get() == null) {
            lastOffset = metadata.offset();
            log.metrics().appended(event.at(), metadata.timestamp());
            if (event.terminal()) {
                end.complete(metadata);
            }
        }
    }

    private void requireHealthy() {
        var failed = failure.get();
        if (failed != null) {
            throw new LogFailedException("write an event", failed);
        }
    }

    private void requireLegal(EventBody body) {
        if (ended) {
            throw new IllegalStateException("an event after the terminal");
        }
        if (body instanceof Started != (next == 0)) {
            throw new IllegalStateException(
                    "sequence " + next + (next == 0 ? " must be" : " must not be") + " the start");
        }
    }

    /** Whether it says nothing, so that it is not written. */
    static boolean empty(EventBody body) {
        return switch (body) {
            case TextDelta(var text, var logprobs) ->
                    text.isEmpty() && (logprobs == null || logprobs.isEmpty());
            case ReasoningDelta delta -> delta.text().isEmpty();
            case RefusalDelta delta -> delta.text().isEmpty();
            case TranscriptDelta delta -> delta.text().isEmpty();
            case AudioDelta delta -> delta.base64().isEmpty();
            case ToolDelta delta -> delta.text().isEmpty();
            default -> false; // only deltas can be empty
        };
    }

    /**
     * Waits until the terminal, and so every event before it, is in the log.
     *
     * @throws LogFailedException if one of them is not
     */
    void awaitEnd() {
        LogProducer.await(end, "write the terminal event");
        requireHealthy();
    }

    boolean ended() {
        return ended;
    }

    Attempt attempt() {
        return attempt;
    }

    long nextSequence() {
        return next;
    }

    /** Offset of the latest acknowledged event, -1 before the first. */
    long lastOffset() {
        return lastOffset;
    }
}
