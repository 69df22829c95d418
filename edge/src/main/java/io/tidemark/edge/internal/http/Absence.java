package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What is said of a stream of which the log has no trace ({@code docs/protocol.md}, section 10).
 * Thread-safe.
 *
 * @param keptAtLeast how long both events and commands are kept: a stream that is younger and not
 *     in the log never was
 */
record Absence(ProjectorClient projector, Duration keptAtLeast, InstantSource clock) {
    /**
     * Asks the projector, and answers with a problem unless it knows the stream; on the request's
     * I/O thread.
     *
     * @param known told the stream's response, on the same thread; answers the request
     */
    void explain(Call call, StreamId id, Consumer<String> known) {
        explain(call, id, known, () -> call.answer(Problem.erased()));
    }

    /**
     * The same.
     *
     * @param erased told that the stream was erased, on the same thread; answers the request
     */
    void explain(Call call, StreamId id, Consumer<String> known, Runnable erased) {
        projector.response(
                id,
                call.caller().tenant(),
                -1,
                answer -> call.onLoop(() -> explain(call, id, answer, known, erased)));
    }

    private void explain(
            Call call,
            StreamId id,
            ProjectorClient.Answer answer,
            Consumer<String> known,
            Runnable erased) {
        switch (answer) {
            case ProjectorClient.Answer.Found(var json) -> known.accept(json);
            case ProjectorClient.Answer.Erased _ -> erased.run();
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
            case ProjectorClient.Answer.Unavailable(var why) when !young(id) ->
                    call.answer(
                            Problem.projectorUnavailable(
                                    "it cannot be told whether the stream was", why));
            case ProjectorClient.Answer.Unavailable _, ProjectorClient.Answer.Unknown _ ->
                    call.answer(Problem.unknownStream());
        }
    }

    private boolean young(StreamId id) {
        return id.time().plus(keptAtLeast).isAfter(clock.instant());
    }
}
