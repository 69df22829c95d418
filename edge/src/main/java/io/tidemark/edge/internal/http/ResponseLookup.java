package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.ErasedStreams;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Window;
import io.tidemark.schemas.StreamId;

import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the response of a stream as far as it is known, which is at least as far as this edge has
 * shown events of it. The projector knows; when it has not heard of the stream, the log decides
 * whether there is one. Thread-safe.
 *
 * @param absence answers where there is no stream
 */
record ResponseLookup(
        Window window,
        Readers readers,
        ProjectorClient projector,
        Absence absence,
        ErasedStreams erased) {
    private static final ProjectorClient.Absent BEHIND =
            new ProjectorClient.Absent("behind", List.of());

    /**
     * Asks, for a request that was dispatched before; answers it with a problem if there is no
     * response and no stream that has none yet.
     *
     * @param seen sequence that the client has seen; -1 for none
     * @param found told the response's JSON, on the request's I/O thread
     * @param accepted told that the stream has no event yet, on that thread
     */
    void find(Call call, StreamId id, long seen, Consumer<String> found, Runnable accepted) {
        var tenant = call.caller().tenant();
        if (erased.isOf(id, tenant)) {
            call.answer(Problem.erased());
            return;
        }
        long newest = window.newest(id, tenant);
        /* How long the projector waits for an event would tell whether it knows the stream. */
        boolean theirs = call.caller().vouched() || newest >= 0;
        long awaited = theirs ? -1 : seen;
        projector.response(
                id,
                tenant,
                theirs ? Math.max(seen, newest) : -1,
                answer -> call.onLoop(() -> first(call, id, awaited, answer, found, accepted)));
    }

    /* Now that it is known to be the caller's, it is waited for what they have seen. */
    private void first(
            Call call,
            StreamId id,
            long awaited,
            ProjectorClient.Answer answer,
            Consumer<String> found,
            Runnable accepted) {
        switch (answer) {
            case ProjectorClient.Answer.Found _ when awaited >= 0 ->
                    again(call, id, awaited, found);
            case ProjectorClient.Answer.Found(String json) -> found.accept(json);
            case ProjectorClient.Answer.Erased _ -> call.answer(Problem.erased());
            case ProjectorClient.Answer.Unavailable(var why) -> call.answer(unavailable(why));
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
            case ProjectorClient.Answer.Unknown _ ->
                    new Observer(false, finding -> unknown(call, id, finding, found, accepted))
                            .start(readers, call, id);
        }
    }

    private void unknown(
            Call call,
            StreamId id,
            Observer.Finding finding,
            Consumer<String> found,
            Runnable accepted) {
        switch (finding) {
            case Observer.Finding.Unknown _ -> absence.explain(call, id, found);
            case Observer.Finding.Accepted _ -> accepted.run();
            case Observer.Finding.Open(long last) -> again(call, id, last, found);
            case Observer.Finding.Ended(long last) -> again(call, id, last, found);
            case Observer.Finding.Erased _ -> call.answer(Problem.erased());
            case Observer.Finding.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
        }
    }

    private void again(Call call, StreamId id, long last, Consumer<String> found) {
        projector.response(
                id,
                call.caller().tenant(),
                last,
                answer -> call.onLoop(() -> second(call, answer, found)));
    }

    private static void second(Call call, ProjectorClient.Answer answer, Consumer<String> found) {
        switch (answer) {
            case ProjectorClient.Answer.Found(String json) -> found.accept(json);
            case ProjectorClient.Answer.Erased _ -> call.answer(Problem.erased());
            case ProjectorClient.Answer.Unavailable(var why) -> call.answer(unavailable(why));
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
            /* The log has it, so they are late, whatever they take themselves for. */
            case ProjectorClient.Answer.Unknown _ -> call.answer(unavailable(BEHIND));
        }
    }

    /**
     * Goes on unless the projector says that the stream was erased, for a stream of which that may
     * have been forgotten here; for a request that was dispatched before.
     *
     * @param then goes on, on the request's I/O thread
     */
    void unlessErased(Call call, StreamId id, Runnable then) {
        projector.response(
                id,
                call.caller().tenant(),
                -1,
                answer -> call.onLoop(() -> unlessErased(call, answer, then)));
    }

    private static void unlessErased(Call call, ProjectorClient.Answer answer, Runnable then) {
        switch (answer) {
            case ProjectorClient.Answer.Found _, ProjectorClient.Answer.Unknown _ -> then.run();
            case ProjectorClient.Answer.Erased _ -> call.answer(Problem.erased());
            case ProjectorClient.Answer.Unavailable(var why) -> call.answer(unavailable(why));
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
        }
    }

    /** What a projector said is no response. */
    static Problem unreadable() {
        return unavailable(ProjectorClient.Absent.unreachable());
    }

    private static Problem unavailable(ProjectorClient.Absent why) {
        return Problem.projectorUnavailable("the projector cannot answer yet", why);
    }
}
