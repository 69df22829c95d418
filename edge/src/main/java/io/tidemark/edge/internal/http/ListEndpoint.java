package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.edge.internal.access.Scope;
import io.tidemark.schemas.StreamId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/streams}: the streams of the caller, newest first, page by page. What a page holds
 * is the projectors' to say; the edge adds whose list it is, and where the streams are.
 * Thread-safe.
 *
 * @param tokens what links carry
 */
record ListEndpoint(ProjectorClient projector, LinkTokens tokens, boolean trustForwarded)
        implements Endpoint {
    private static final Logger LOGGER = LoggerFactory.getLogger(ListEndpoint.class);

    private static final String NEXT = "next";

    @Override
    public void handle(Call call) {
        var asked = ListRequest.of(call);
        var query = asked.query(call.caller().tenant());
        call.later(() ->
                projector.list(query, answer -> call.onLoop(() -> answered(call, asked, answer))));
    }

    private void answered(Call call, ListRequest asked, ProjectorClient.Answer answer) {
        switch (answer) {
            case ProjectorClient.Answer.Found(String json) -> page(call, asked, json);
            case ProjectorClient.Answer.Unavailable(var why) ->
                    call.answer(Problem.projectorUnavailable("the list cannot be told now", why));
            case ProjectorClient.Answer.Busy _ -> call.answer(Problem.projectorBusy());
            case ProjectorClient.Answer.Unknown _, ProjectorClient.Answer.Erased _ ->
                    call.answer(unreadable());
        }
    }

    private void page(Call call, ListRequest asked, String json) {
        try {
            var page = (ObjectNode) Json.MAPPER.readTree(json);
            page.required("streams").forEach(entry -> link(call, (ObjectNode) entry));
            if (page.has(NEXT)) {
                page.put(NEXT, Cursor.write(id(page.path(NEXT)), asked.kind(call)));
            }
            call.answer(Reply.json(200, Json.write(page)));
        } catch (JsonProcessingException | ClassCastException | IllegalArgumentException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getClass().getName())
                    .log("projector answered what is no list");
            call.answer(unreadable());
        }
    }

    private void link(Call call, ObjectNode entry) {
        var id = id(entry.path("requestId"));
        var links = Links.of(call, id, trustForwarded);
        var read = tokens.query(call, id, Scope.READ);
        entry.put("responseUrl", links.response() + read);
        entry.put("eventsUrl", links.events() + read);
    }

    private static StreamId id(JsonNode text) {
        return StreamId.parse(text.asText());
    }

    private static Problem unreadable() {
        return Problem.projectorUnavailable(
                "the list cannot be told now", ProjectorClient.Absent.unreachable());
    }
}
