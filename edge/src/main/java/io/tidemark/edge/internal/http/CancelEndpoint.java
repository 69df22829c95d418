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
    private final Absence absence;
    private final InstantSource clock;

    CancelEndpoint(Readers readers, CommandWriter commands, Absence absence, InstantSource clock) {
        this.readers = readers;
        this.commands = commands;
        this.absence = absence;
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
            /* A stream that cannot be seen could be another tenant's. */
            case Observer.Finding.Unavailable _ when !call.caller().vouched() ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
            /* One that is known to be the caller's can be stopped all the same. */
            case Observer.Finding.Open _,
                    Observer.Finding.Accepted _,
                    Observer.Finding.Unavailable _ ->
                    call.blockingNow(() -> cancel(call, id, waitMs, observer));
            case Observer.Finding.Erased _ -> call.answer(Problem.erased());
            case Observer.Finding.Ended _ -> answer(call, id, 200, "already_terminal");
            case Observer.Finding.Unknown _ ->
                    absence.explain(call, id, _ -> answer(call, id, 200, "already_terminal"));
        }
    }

    private void cancel(Call call, StreamId id, long waitMs, Observer observer) {
        var outcome = commands.write(new Command.Cancel(id, clock.millis()));
        call.onLoop(() -> {
            if (outcome == CommandWriter.Outcome.ACKNOWLEDGED && waitMs > 0) {
                await(call, id, waitMs, observer);
                return;
            }
            observer.stop();
            switch (outcome) {
                case ACKNOWLEDGED -> answer(call, id, 202, "requested");
                case NOT_SENT, TOO_LARGE -> call.answer(Problem.notSent());
                case UNCERTAIN ->
                        call.answer(
                                Problem.unavailable(
                                        "log_unavailable", "the log did not acknowledge in time"));
            }
        });
    }

    private static void await(Call call, StreamId id, long waitMs, Observer observer) {
        var timer =
                call.exchange()
                        .getIoThread()
                        .executeAfter(observer::lose, waitMs, TimeUnit.MILLISECONDS);
        observer.whenOver(end -> {
            timer.remove();
            switch (end) {
                case CANCELLED -> answer(call, id, 200, "confirmed");
                case OTHERWISE -> answer(call, id, 200, "already_terminal");
                case NOT_SEEN -> answer(call, id, 202, "unconfirmed");
            }
        });
    }

    private static void answer(Call call, StreamId id, int status, String outcome) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("requestId", id.toString());
        body.put("outcome", outcome);
        call.answer(Reply.json(status, body));
    }
}
