package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Window;
import io.tidemark.schemas.StreamId;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code GET /v1/streams/{id}}: the response as far as it is known, which is at least as far as
 * this edge has shown events of it, and as the client says it has seen. The projector knows; when
 * it has not heard of the stream, the log decides whether there is one. Thread-safe.
 */
final class ResponseEndpoint implements Endpoint {
    private final Window window;
    private final Readers readers;
    private final ProjectorClient projector;
    private final Absence absence;

    ResponseEndpoint(Window window, Readers readers, ProjectorClient projector, Absence absence) {
        this.window = window;
        this.readers = readers;
        this.projector = projector;
        this.absence = absence;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long seen = Tidemark.of(call).orElse(-1);
        var tenant = call.caller().tenant();
        long newest = window.newest(id, tenant);
        /* How long the projector waits for an event would tell whether it knows the stream. */
        boolean theirs = call.caller().vouched() || newest >= 0;
        long first = theirs ? Math.max(seen, newest) : -1;
        call.later(() ->
                projector.response(
                        id,
                        tenant,
                        first,
                        answer -> call.onLoop(() -> first(call, id, theirs ? -1 : seen, answer))));
    }

    /* Now that it is known to be the caller's, it is waited for what they have seen. */
    private void first(Call call, StreamId id, long awaited, ProjectorClient.Answer answer) {
        switch (answer) {
            case ProjectorClient.Answer.Found _ when awaited >= 0 -> again(call, id, awaited);
            case ProjectorClient.Answer.Found(String json) -> call.answer(Reply.json(200, json));
            case ProjectorClient.Answer.Unavailable _ -> call.answer(unavailable());
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
            case ProjectorClient.Answer.Unknown _ ->
                    new Observer(false, finding -> unknownToProjector(call, id, finding))
                            .start(readers, call, id);
        }
    }

    private void unknownToProjector(Call call, StreamId id, Observer.Finding finding) {
        switch (finding) {
            case Observer.Finding.Unknown _ ->
                    absence.explain(call, id, json -> call.answer(Reply.json(200, json)));
            case Observer.Finding.Accepted _ -> call.answer(Reply.json(202, accepted(id)));
            case Observer.Finding.Open(long last) -> again(call, id, last);
            case Observer.Finding.Ended(long last) -> again(call, id, last);
            case Observer.Finding.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
        }
    }

    private void again(Call call, StreamId id, long last) {
        projector.response(
                id,
                call.caller().tenant(),
                last,
                answer ->
                        call.onLoop(() -> {
                            if (answer instanceof ProjectorClient.Answer.Found(var json)) {
                                call.answer(Reply.json(200, json));
                            } else {
                                call.answer(unavailable());
                            }
                        }));
    }

    private static Problem unavailable() {
        return Problem.unavailable("projector_unavailable", "the projector cannot answer yet");
    }

    private static Map<String, String> accepted(StreamId id) {
        var body = new LinkedHashMap<String, String>();
        body.put("requestId", id.toString());
        body.put("status", "accepted");
        return body;
    }
}
