package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code GET /v1/streams/{id}/events}: the events of a stream, from the one behind {@code
 * Last-Event-ID} or {@code ?after=} on, as they come. Thread-safe.
 */
final class EventsEndpoint implements Endpoint {
    private final Streamer streamer;
    private final Projector projector;
    private final Duration keptAtLeast;
    private final InstantSource clock;
    private final boolean trustForwarded;

    /**
     * The endpoint.
     *
     * @param keptAtLeast how long both events and commands are kept: a stream that is younger and
     *     not in the log never was
     */
    EventsEndpoint(
            Streamer streamer,
            Projector projector,
            Duration keptAtLeast,
            InstantSource clock,
            boolean trustForwarded) {
        this.streamer = streamer;
        this.projector = projector;
        this.keptAtLeast = keptAtLeast;
        this.clock = clock;
        this.trustForwarded = trustForwarded;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long next = Tidemark.of(call).orElse(-1) + 1;
        if (!Accept.of(call.headers("Accept")).allows(Accept.EVENT_STREAM)) {
            throw new ProblemException(Problem.notAcceptable(List.of(Accept.EVENT_STREAM)));
        }
        call.later(() -> streamer.stream(call, id, next, refusal -> refused(call, id, refusal)));
    }

    private void refused(Call call, StreamId id, Refusal refusal) {
        switch (refusal) {
            case Refusal.AtEnd _ -> call.answer(Reply.noContent());
            case Refusal.BeyondEnd(long last) -> call.answer(Problem.beyondEnd(last));
            case Refusal.Gone(long earliest) ->
                    call.answer(Problem.gone(earliest, response(call, id)));
            case Refusal.Unknown _ ->
                    projector.response(
                            id,
                            -1,
                            answer -> call.onLoop(() -> call.answer(absent(call, id, answer))));
            case Refusal.Busy _ ->
                    call.answer(
                            Problem.unavailable("busy", "too many readers wait for older events"));
            case Refusal.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
            case Refusal.Draining _ -> call.answer(Problem.draining());
        }
    }

    private Problem absent(Call call, StreamId id, Projector.Answer answer) {
        boolean young = id.time().plus(keptAtLeast).isAfter(clock.instant());
        return switch (answer) {
            case Projector.Answer.Found _ -> Problem.gone(null, response(call, id));
            case Projector.Answer.Unavailable _ when !young ->
                    Problem.unavailable(
                            "projector_unavailable", "it cannot be told whether the stream was");
            case Projector.Answer.Unavailable _, Projector.Answer.Unknown _ ->
                    Problem.unknownStream();
        };
    }

    private String response(Call call, StreamId id) {
        return Links.of(call, id, trustForwarded).response();
    }
}
