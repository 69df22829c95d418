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
import io.tidemark.seal.StreamSeal;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes one stream under one attempt after the other: numbers its events, stamps them, and sends
 * them in order.
 *
 * <pre>
 *   next = 0 --started--&gt; open --any other event--&gt; open --terminal--&gt; ended
 *   next &gt; 0 (taken over) --^
 *
 *   any --a record is not taken--&gt; broken --goOn--&gt; as before
 * </pre>
 *
 * <p>After the first record that Kafka did not take nothing more is sent: the log may have a hole
 * there, and only a read-back under a higher attempt may {@linkplain #goOn go on}. Sending does not
 * wait for acknowledgements, unless too much is {@linkplain Unacknowledged on its way}; {@link
 * #awaitEnd} does. Confined to the stream's thread, but for {@link #attempt}, {@link #nextSequence}
 * and {@link #acknowledged}, which any thread may read.
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
    private final StreamId id;
    private final String provider;
    private final @Nullable String traceparent;
    private final boolean presence;
    private final @Nullable String tenant;
    private final Runnable broken;
    private final Unacknowledged unacknowledged;
    /* Written by the stream's thread alone. */
    private volatile Leg leg;
    private volatile long next;
    private boolean ended;
    private StreamSeal seal = new StreamSeal.Open();

    /**
     * A writer that goes on where the log ends.
     *
     * @param start what was asked for; it is not kept
     * @param provider tag of the meters, one of few
     * @param next sequence of the first event it writes; 0 if nothing was written yet
     * @param broken called once for each time that the log breaks, on any thread
     */
    EventWriter(
            Log log,
            Command.Start start,
            String provider,
            Attempt attempt,
            long next,
            Runnable broken) {
        this.log = log;
        this.id = start.requestId();
        this.provider = provider;
        this.next = next;
        this.unacknowledged = new Unacknowledged(next);
        this.traceparent = start.traceparent();
        this.presence = start.onDisconnect() != OnDisconnect.CONTINUE;
        this.tenant = start.tenant();
        this.broken = broken;
        this.leg = new Leg(0, log.producer().line(), attempt);
    }

    /** Says how what follows is written; as it is, before this is said. */
    void sealWith(StreamSeal newSeal) {
        seal = newSeal;
    }

    /**
     * Sends an event; an empty delta is dropped before it gets a number.
     *
     * @throws LogFailedException if an earlier record of the stream was not taken; this one has no
     *     number, and is to be written again behind {@link #goOn}
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
        var record = leg.record(event);
        int bytes = record.value().length;
        if (bytes > log.eventBytesMax()) {
            throw new EventTooLargeException(bytes, log.eventBytesMax());
        }
        if (!unacknowledged.add(event, bytes)) {
            throw new LogFailedException("write an event", failure().orElseThrow());
        }
        next = event.sequence() + 1;
        ended = event.terminal();
        log.metrics().written(provider, draft.body(), bytes);
        leg.send(event, record);
    }

    /**
     * Goes on behind our own fence, after the log broke: what was sent and is not in the log is
     * sent again, under the attempt of the fence, and else as it was.
     */
    void goOn(Inherited log) {
        var fresh = new Leg(leg.number + 1, this.log.producer().line(), log.attempt());
        leg = fresh;
        if (log.ended()) {
            fresh.end.complete(null);
        }
        for (var event : unacknowledged.restart(log.next())) {
            fresh.send(event, fresh.record(event));
        }
    }

    /** One attempt's way into the log, up to the first record that was not taken. */
    private final class Leg {
        private final int number;
        private final LogProducer.Line line;
        private final Attempt attempt;
        private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

        Leg(int number, LogProducer.Line line, Attempt attempt) {
            this.number = number;
            this.line = line;
            this.attempt = attempt;
        }

        ProducerRecord<byte[], byte[]> record(StreamEvent event) {
            var stamped = stamped(event);
            var record =
                    EventRecord.of(
                            log.topicName(), stamped, attempt, traceparent, presence, tenant);
            return seal.seal(record, stamped, attempt);
        }

        /* A start says under which attempt it is written, and a broken log may have lost it. */
        private StreamEvent stamped(StreamEvent event) {
            return event.body() instanceof Started started
                    ? new StreamEvent(
                            event.requestId(),
                            event.sequence(),
                            event.at(),
                            event.placement(),
                            started.withAttempt(attempt.number()))
                    : event;
        }

        void send(StreamEvent event, ProducerRecord<byte[], byte[]> record) {
            line.send(record, (metadata, failed) -> told(metadata, failed, event));
        }

        /* Acknowledgements of one partition come in order, so the terminal's speaks for all. */
        private void told(
                @Nullable RecordMetadata metadata, @Nullable Exception failed, StreamEvent event) {
            if (failed != null) {
                if (unacknowledged.broke(number, failed)) {
                    end.completeExceptionally(failed);
                    broken.run();
                }
            } else if (metadata != null
                    && unacknowledged.acknowledged(number, event.sequence(), metadata.offset())) {
                log.metrics().appended(event.at(), metadata.timestamp());
                if (event.terminal()) {
                    end.complete(null);
                }
            }
        }
    }

    private void requireHealthy() {
        var failed = failure();
        if (failed.isPresent()) {
            throw new LogFailedException("write an event", failed.get());
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
        LogProducer.await(leg.end, "write the terminal event");
        requireHealthy();
    }

    boolean ended() {
        return ended;
    }

    /** What the log did not take, if it is broken. */
    Optional<Exception> failure() {
        return unacknowledged.failure();
    }

    StreamId id() {
        return id;
    }

    Attempt attempt() {
        return leg.attempt;
    }

    long nextSequence() {
        return next;
    }

    Unacknowledged.Acknowledged acknowledged() {
        return unacknowledged.acknowledged();
    }
}
