package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One attempt at a provider, from asking for a free connection to the terminal event.
 *
 * <pre>
 *   waiting --granted--&gt; called --head--&gt; reading --terminal frame, end of bytes, loss--&gt; ended
 *      |                    |                |
 *      +--------------------+----------------+--cancel, abort, watchdog--&gt; ended
 * </pre>
 *
 * <p>Everything comes through the mailbox, one thing at a time; a chunk of the body is asked for
 * when the events of the one before were sent. Confined to the stream's thread, but for {@link
 * #disconnect}.
 */
final class UpstreamPump {
    private static final Logger LOGGER = LoggerFactory.getLogger(UpstreamPump.class);

    /**
     * What all pumps of a worker share.
     *
     * @param nanos what {@link System#nanoTime} gives
     */
    record Surroundings(
            IngestLimits limits, IngestMetrics metrics, InstantSource clock, LongSupplier nanos) {}

    /** How long a provider may take to close after its terminal frame, so that we can reuse it. */
    private static final Duration LATE_MAX = Duration.ofMillis(100);

    private final Surroundings surroundings;
    private final StreamId id;
    private final Provider provider;
    private final KeyHeader keyHeader;
    private final Normaliser normaliser;
    private final Consumer<Draft> writer;
    private final Mailbox mailbox;
    private final Watchdog watchdog;
    /* Until it is sent: it holds the prompt, and the stream may last for hours. */
    private @Nullable Outgoing request;
    /* Written by the stream's thread, read by whoever disconnects. */
    private volatile @Nullable UpstreamCall call;
    private volatile boolean disconnected;
    private @Nullable UpstreamBody body;
    private AnswerLabel label = AnswerLabel.none();
    private boolean over;
    private long holdSince;
    private boolean holding;
    private boolean brokenOff;

    /**
     * A pump that is not running yet.
     *
     * @param begin when the worker took the stream, by the clock of {@link Surroundings#nanos}
     */
    UpstreamPump(
            Surroundings surroundings,
            StreamId id,
            Provider provider,
            KeyHeader keyHeader,
            Outgoing request,
            Normaliser normaliser,
            Mailbox mailbox,
            Consumer<Draft> writer,
            long begin) {
        this.surroundings = surroundings;
        this.id = id;
        this.provider = provider;
        this.keyHeader = keyHeader;
        this.request = request;
        this.normaliser = normaliser;
        this.mailbox = mailbox;
        this.writer = writer;
        this.watchdog = new Watchdog(provider.config().timeouts(), begin);
    }

    /**
     * Runs to the end.
     *
     * @return whether the normaliser has ended, so that the terminal was handed to the writer; if
     *     not, the stream was abandoned, or is left to its next owner
     */
    boolean run() {
        var ticket = provider.gate().request(() -> mailbox.post(new Arrival.Granted()));
        try {
            while (!normaliser.ended() && !brokenOff) {
                handle(mailbox.take(patience()));
            }
            collectLate();
            return normaliser.ended();
        } finally {
            disconnect();
            ticket.close();
        }
    }

    /** Closes the connection at once, from any thread; the stream's thread finds out by itself. */
    void disconnect() {
        disconnected = true;
        var open = call;
        if (open != null) {
            open.close();
        }
    }

    private void handle(Arrival arrival) {
        switch (arrival) {
            case Arrival.Granted() -> call();
            case Arrival.Head head -> head(head);
            case Arrival.Bytes(var chunks) -> bytes(chunks);
            case Arrival.End() -> bodyEnded();
            case Arrival.Lost(var cause) -> lost(cause);
            case Arrival.Stop(var reason) -> stop(reason);
            case Arrival.Errand(var task) -> errand(task);
            case Arrival.Silence() -> overdue();
        }
    }

    private void call() {
        watchdog.called(now());
        var sent = requireNonNull(request, "request");
        request = null;
        var open = provider.client().call(sent, keyHeader, mailbox);
        call = open;
        if (disconnected) {
            open.close();
        }
    }

    private void head(Arrival.Head head) {
        label = AnswerLabel.of(head.headers());
        if (AnswerHead.redirect(head.status())) {
            finish(
                    new Failed(
                            ErrorCode.PROTOCOL_ERROR.wire(),
                            "The provider answered with a redirect, which is not followed.",
                            ErrorCode.PROTOCOL_ERROR.retryable(),
                            null,
                            false,
                            head.status(),
                            null,
                            null,
                            null));
            return;
        }
        body = body(head);
    }

    private UpstreamBody body(Arrival.Head head) {
        int frameBytesMax = surroundings.limits().frameBytesMax();
        if (AnswerHead.eventStream(head.status(), head.headers())) {
            return stream(new SseParser(frameBytesMax));
        }
        var refusal =
                new RefusalBody(
                        head.status(),
                        head.headers(),
                        AnswerHead.retryAfter(head.headers(), surroundings.clock().instant()),
                        surroundings.limits().errorBodyBytesMax(),
                        normaliser);
        return AnswerHead.readable(head.status(), head.headers())
                ? new SniffedBody(
                        stream(new JsonArrayParser(frameBytesMax)),
                        stream(new SseParser(frameBytesMax)),
                        refusal)
                : refusal;
    }

    private EventStreamBody stream(SignalParser parser) {
        return new EventStreamBody(parser, normaliser, surroundings.metrics());
    }

    private void bytes(List<ByteBuffer> chunks) {
        watchdog.bytes(now())
                .ifPresent(
                        after -> surroundings.metrics().firstByte(provider.config().name(), after));
        for (var chunk : chunks) {
            if (body != null) {
                write(body.bytes(chunk));
            }
        }
        more();
        /* A provider that never pauses would never be found silent. */
        overdue();
    }

    private void more() {
        watchdog.asked(now());
        var open = call;
        if (open != null) {
            open.more();
        }
    }

    private void bodyEnded() {
        over = true;
        write(body == null ? normaliser.endOfBytes() : body.end());
    }

    private void lost(Throwable cause) {
        if (body == null) {
            LOGGER.atWarn()
                    .addKeyValue("providerName", provider.config().name())
                    .addKeyValue("streamId", id)
                    .addKeyValue("error", unwrapped(cause).getClass().getName())
                    .log("provider not reached");
            finish(unreached(cause));
        } else {
            bodyEnded();
        }
    }

    private Failed unreached(Throwable cause) {
        return timedOut(cause)
                ? Failed.of(
                        ErrorCode.PROVIDER_TIMEOUT,
                        "No connection within " + provider.config().timeouts().connect() + ".",
                        false)
                : Failed.of(ErrorCode.CONNECTION_LOST, "The provider could not be reached.", false);
    }

    private static Throwable unwrapped(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static boolean timedOut(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private void stop(StopReason reason) {
        switch (reason) {
            case DESERTED, CANCELLED -> finish(cancelled(reason));
            case ABORTED -> {
                if (normaliser.resumable()) {
                    brokenOff = true; // the next owner goes on with it
                } else {
                    finish(aborted(normaliser.contentSent()));
                }
            }
            case ABANDONED -> brokenOff = true;
        }
    }

    /* The provider is not to blame for how long it takes. */
    private void errand(Runnable task) {
        task.run();
        watchdog.asked(now());
    }

    private void overdue() {
        long now = now();
        if (holding && holdLeft(now) <= 0) {
            write(normaliser.holdExpired());
            return;
        }
        watchdog.expired(now, normaliser.contentSent()).ifPresent(this::expired);
    }

    /* A refusal whose body does not come is still a refusal. */
    private void expired(Failed failed) {
        var arriving = body;
        if (arriving != null && !arriving.streamed()) {
            write(arriving.end());
        } else {
            finish(failed);
        }
    }

    private void finish(LifecycleBody terminal) {
        write(normaliser.end(terminal));
    }

    private void write(List<Draft> drafts) {
        drafts.forEach(draft -> writer.accept(label.on(draft)));
        boolean held = normaliser.holding().isPresent();
        if (held && !holding) {
            holdSince = now();
        }
        holding = held;
    }

    private Duration patience() {
        long now = now();
        var left = watchdog.left(now);
        return holding && holdLeft(now) < left.toNanos() ? Duration.ofNanos(holdLeft(now)) : left;
    }

    private long holdLeft(long now) {
        return normaliser.holding().orElse(Duration.ZERO).toNanos() - (now - holdSince);
    }

    /* Frames after the terminal are counted; and a connection read to its end can be used again. */
    private void collectLate() {
        long deadline = now() + LATE_MAX.toNanos();
        var late = body;
        while (late != null && late.streamed() && !over && !disconnected) {
            switch (mailbox.take(Duration.ofNanos(Math.max(0, deadline - now())))) {
                case Arrival.Bytes(var chunks) -> {
                    chunks.forEach(late::bytes);
                    more();
                }
                case Arrival.Silence(), Arrival.End(), Arrival.Lost(_), Arrival.Stop(_) ->
                        over = true;
                case Arrival.Errand(var task) -> task.run();
                case Arrival.Granted(), Arrival.Head _ -> {} // cannot come twice
            }
        }
    }

    private long now() {
        return surroundings.nanos().getAsLong();
    }

    static Completed cancelled(StopReason why) {
        var reason =
                why == StopReason.DESERTED ? FinishReason.DISCONNECTED : FinishReason.CANCELLED;
        return new Completed(Outcome.CANCELLED, reason.wire(), null, null, null, null, null);
    }

    static Failed aborted(boolean partial) {
        return Failed.of(ErrorCode.ABORTED, "The worker that wrote the stream stopped.", partial);
    }
}
