package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code GET /v1/streams/{id}}: the response as far as it is known, which is at least as far as
 * this edge has shown events of it, and as the client says it has seen. Thread-safe.
 */
final class ResponseEndpoint implements Endpoint {
    private final ResponseLookup responses;

    ResponseEndpoint(ResponseLookup responses) {
        this.responses = responses;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long seen = Tidemark.of(call).orElse(-1);
        call.later(() ->
                responses.find(
                        call,
                        id,
                        seen,
                        json -> call.answer(Reply.json(200, json)),
                        () -> call.answer(Reply.json(202, accepted(id)))));
    }

    private static Map<String, String> accepted(StreamId id) {
        var body = new LinkedHashMap<String, String>();
        body.put("requestId", id.toString());
        body.put("status", "accepted");
        return body;
    }
}
