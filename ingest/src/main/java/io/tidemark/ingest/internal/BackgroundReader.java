package io.tidemark.ingest.internal;

import io.tidemark.ingest.internal.IngestMetrics.Resumed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a response on that its provider goes on with by itself, connection after connection, up to
 * the terminal event or until it is no use.
 *
 * <pre>
 *   reading --interrupted--&gt; planning --pause--&gt; reading
 *      |                        |
 *      +--terminal              +--nothing new for too long, refused--&gt; given up
 *      v                        v
 *    ended                    ended, with what broke the connection
 * </pre>
 *
 * <p>Each further connection is announced by {@code stream.status} with {@code reconnecting}.
 * Confined to the stream's thread.
 */
final class BackgroundReader {
    private final UpstreamPump.Surroundings surroundings;
    private final StreamId id;
    private final ResumableNormaliser response;
    private final CurrentPump current;
    private final Consumer<Draft> writer;
    private final long begin;
    private final Provider provider;
    private final ResumePlan plan;
    /* What broke the last connection that brought something. */
    private @Nullable Failed lost;
    private boolean admitted = true;

    /**
     * @param begin when the worker took the stream, by the clock of the surroundings
     */
    BackgroundReader(
            UpstreamPump.Surroundings surroundings,
            StreamId id,
            ResumableNormaliser response,
            CurrentPump current,
            Consumer<Draft> writer,
            long begin) {
        this.surroundings = surroundings;
        this.id = id;
        this.response = response;
        this.current = current;
        this.writer = writer;
        this.begin = begin;
        this.provider = response.background().candidate().provider();
        this.plan = new ResumePlan(provider);
    }

    /**
     * Reads a response to its end of which nothing was read yet.
     *
     * @return as {@link #readOn}
     */
    boolean read() {
        return connect() && readOn();
    }

    /**
     * Reads on for as long as the response is interrupted.
     *
     * @return whether the response has ended: its terminal was handed to the writer, unless it was
     *     {@linkplain ResumableNormaliser#joined behind the log}; if not, the stream was abandoned,
     *     or is left to its next owner
     */
    boolean readOn() {
        while (response.interruption().isPresent()) {
            var failure = response.interruption().get();
            if (admitted && !response.broughtNothing()) {
                plan.progressed();
                lost = failure;
            }
            var pause = plan.after(failure).filter(wait -> wait.compareTo(left()) < 0);
            if (pause.isEmpty()) {
                giveUp(lost == null ? failure : lost);
                return true;
            }
            if (response.joined()) {
                writer.accept(reconnecting(failure));
            }
            var stopped = current.rest(pause.get(), surroundings.nanos());
            if (stopped.isPresent()) {
                return end(stopped.get());
            }
            if (!connect()) {
                return false;
            }
        }
        return true;
    }

    private static Draft reconnecting(Failed failure) {
        return Draft.of(
                new Status(
                        Status.RECONNECTING,
                        null,
                        null,
                        null,
                        null,
                        failure.code(),
                        null,
                        null,
                        null));
    }

    private boolean connect() {
        var health = provider.health();
        admitted = health.admits();
        if (!admitted) {
            response.interrupt(ProviderHealth.suspended(health.suspended()));
            return true;
        }
        var call = health.new Call();
        try {
            boolean ended = current.renew(this::pump).run();
            judge(call, response.interruption());
            return ended;
        } finally {
            call.unjudged();
        }
    }

    private UpstreamPump pump(Mailbox mailbox) {
        return new UpstreamPump(
                surroundings,
                id,
                provider,
                response.background().candidate().api().keyHeader(),
                response.readingOn(),
                response,
                mailbox,
                writer,
                begin);
    }

    /* One that brought something was well, whatever became of it. */
    private void judge(ProviderHealth.Call call, Optional<Failed> failure) {
        if (!response.broughtNothing()) {
            call.answered();
        } else {
            failure.ifPresent(failed -> call.failed(AttemptPlan.codeOf(failed)));
        }
    }

    private void giveUp(Failed failure) {
        surroundings.metrics().resumed(provider.config().name(), Resumed.GIVEN_UP);
        write(response.endNow(failure));
    }

    /* Whoever decides the end while nothing is connected. */
    private boolean end(StopReason reason) {
        switch (reason) {
            case DESERTED, CANCELLED -> write(response.endNow(UpstreamPump.cancelled(reason)));
            case ABORTED, ABANDONED -> {
                return false;
            }
        }
        return true;
    }

    private void write(List<Draft> drafts) {
        drafts.forEach(writer);
    }

    private Duration left() {
        return provider.config()
                .timeouts()
                .total()
                .minusNanos(surroundings.nanos().getAsLong() - begin);
    }
}
