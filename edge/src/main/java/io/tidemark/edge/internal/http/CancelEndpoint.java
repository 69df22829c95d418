package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Readers;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code POST /v1/streams/{id}/cancel}: asks whoever writes the stream to stop. Answered when the
 * log has the command, or with {@code ?wait=} when the stream has ended. Thread-safe.
 */
final class CancelEndpoint implements Endpoint {
    private static final long WAIT_MAX_MS = 30_000;

    private final Readers readers;
    private final CommandWriter commands;
    private final Projector projector;
    private final InstantSource clock;

    CancelEndpoint(
            Readers readers, CommandWriter commands, Projector projector, InstantSource clock) {
        this.readers = readers;
        this.commands = commands;
        this.projector = projector;
        this.clock = clock;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long waitMs = call.number("wait", WAIT_MAX_MS).orElse(0);
        call.later(() -> observe(call, id, waitMs));
    }

    private void observe(Call call, StreamId id, long waitMs) {
        /* The finding may come while the observer starts. */
        var self = new AtomicReference<Observer>();
        var observer = new Observer(true, found -> found(call, id, waitMs, self.get(), found));
        self.set(observer);
        observer.start(readers, call, id);
    }

    private void found(
            Call call, StreamId id, long waitMs, Observer observer, Observer.Finding finding) {
        switch (finding) {
            case Observer.Finding.Open _, Observer.Finding.Accepted _ ->
                    call.blockingNow(() -> cancel(call, id, waitMs, observer));
            case Observer.Finding.Ended _ -> answer(call, id, 200, "already_terminal");
            case Observer.Finding.Unknown _ -> askProjector(call, id);
            case Observer.Finding.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
        }
    }

    private void askProjector(Call call, StreamId id) {
        projector.response(
                id,
                -1,
                answer ->
                        call.onLoop(() -> {
                            if (answer instanceof Projector.Answer.Found) {
                                answer(call, id, 200, "already_terminal");
                            } else {
                                call.answer(Problem.unknownStream());
                            }
                        }));
    }

    private void cancel(Call call, StreamId id, long waitMs, Observer observer) {
        var outcome = commands.write(new Command.Cancel(id, clock.millis()));
        call.onLoop(() -> {
            if (outcome != CommandWriter.Outcome.ACKNOWLEDGED) {
                observer.stop();
                call.answer(
                        Problem.unavailable(
                                "log_unavailable", "the log did not acknowledge in time"));
            } else if (waitMs == 0) {
                observer.stop();
                answer(call, id, 202, "requested");
            } else {
                await(call, id, waitMs, observer);
            }
        });
    }

    private static void await(Call call, StreamId id, long waitMs, Observer observer) {
        var timer =
                call.exchange()
                        .getIoThread()
                        .executeAfter(
                                () -> {
                                    observer.whenEnded(_ -> {});
                                    observer.stop();
                                    answer(call, id, 202, "unconfirmed");
                                },
                                waitMs,
                                TimeUnit.MILLISECONDS);
        observer.whenEnded(cancelled -> {
            timer.remove();
            answer(call, id, 200, cancelled ? "confirmed" : "already_terminal");
        });
    }

    private static void answer(Call call, StreamId id, int status, String outcome) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("requestId", id.toString());
        body.put("outcome", outcome);
        call.answer(Reply.json(status, body));
    }
}
