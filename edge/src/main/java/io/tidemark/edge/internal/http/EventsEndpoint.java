package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.util.List;

/**
 * {@code GET /v1/streams/{id}/events}: the events of a stream, from the one behind {@code
 * Last-Event-ID} or {@code ?after=} on, as they come. Thread-safe.
 */
final class EventsEndpoint implements Endpoint {
    private final Streamer streamer;
    private final Absence absence;
    private final boolean trustForwarded;

    EventsEndpoint(Streamer streamer, Absence absence, boolean trustForwarded) {
        this.streamer = streamer;
        this.absence = absence;
        this.trustForwarded = trustForwarded;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long next = Tidemark.of(call).orElse(-1) + 1;
        if (!Accept.of(call.headers("Accept")).allows(Accept.EVENT_STREAM)) {
            throw new ProblemException(Problem.notAcceptable(List.of(Accept.EVENT_STREAM)));
        }
        call.later(() -> stream(call, id, next));
    }

    private void stream(Call call, StreamId id, long next) {
        if (!streamer.stream(call, id, next, refusal -> refused(call, id, refusal))) {
            call.answer(Problem.tooManyReaders());
        }
    }

    private void refused(Call call, StreamId id, Refusal refusal) {
        switch (refusal) {
            case Refusal.AtEnd _ -> call.answer(Reply.noContent());
            case Refusal.BeyondEnd(long last) -> call.answer(Problem.beyondEnd(last));
            case Refusal.Gone(long earliest) ->
                    call.answer(Problem.gone(earliest, response(call, id)));
            case Refusal.Missing(long earliest) ->
                    call.answer(Problem.missing(earliest, response(call, id)));
            case Refusal.Undecided _ ->
                    call.answer(
                            Problem.unavailable(
                                    "events_pending", "events before that may still come"));
            case Refusal.Unknown _ ->
                    absence.explain(
                            call, id, _ -> call.answer(Problem.gone(null, response(call, id))));
            case Refusal.Busy _ ->
                    call.answer(
                            Problem.unavailable("busy", "too many readers wait for older events"));
            case Refusal.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
            case Refusal.Draining _ -> call.answer(Problem.draining());
        }
    }

    private String response(Call call, StreamId id) {
        return Links.of(call, id, trustForwarded).response();
    }
}
