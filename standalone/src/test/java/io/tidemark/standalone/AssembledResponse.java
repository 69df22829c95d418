package io.tidemark.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;

import java.util.List;
import java.util.TreeMap;

/**
 * What a client puts together from the events it received, in the shape of the folded response. It
 * shares no code with the fold, so that the two check each other.
 */
final class AssembledResponse {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode response = JSON.createObjectNode().put("status", "in_progress");
    private final TreeMap<Long, ObjectNode> items = new TreeMap<>();

    private AssembledResponse() {}

    static ObjectNode of(List<ReceivedEvent> events) {
        var assembled = new AssembledResponse();
        for (var event : events) {
            assembled.add(event.type(), TextAssembly.json(event));
        }
        assembled.response.putArray("items").addAll(assembled.items.values());
        return assembled.response;
    }

    private void add(String type, JsonNode event) {
        switch (type) {
            case "stream.started", "stream.status" -> keep(event, response, "model");
            case "stream.completed" -> complete(event);
            case "stream.failed" -> response.put("status", "failed").set("failure", event);
            case "item.started" -> start(event);
            case "item.completed" -> item(event).set("status", event.path("status"));
            case "text.delta" -> append(event, "text", "");
            case "refusal.delta" -> append(event, "refusal", "");
            case "reasoning.delta" -> append(event, "reasoning", event.path("form").asText());
            case "content.completed" -> close(event);
            case "citation.added" ->
                    part(event, "text", "").withArray("citations").add(event.path("citation"));
            case "tool.call" -> call(event);
            default -> {
                // Nothing that a response is compared by.
            }
        }
    }

    private void complete(JsonNode event) {
        var outcome = event.path("outcome").asText();
        response.put("status", outcome.equals("complete") ? "completed" : outcome);
        keep(event, response, "model", "finishReason", "providerFinishReason", "usage");
    }

    private void start(JsonNode event) {
        var item = item(event);
        keep(event.path("item"), item, "kind", "providerItemType", "role", "phase");
    }

    private void call(JsonNode event) {
        var call = item(event).putObject("call");
        keep(event, call, "callId", "name", "input", "executor");
    }

    /* A lane without a delta is a part too: an empty one. */
    private void close(JsonNode event) {
        var lane = event.path("lane").asText();
        if (!lane.equals("tool")) {
            part(event, lane, event.path("form").asText());
        }
    }

    private void append(JsonNode event, String type, String form) {
        var part = part(event, type, form);
        part.put("text", part.path("text").asText() + event.path("text").asText());
    }

    private ObjectNode item(JsonNode event) {
        return items.computeIfAbsent(
                event.path("outputIndex").asLong(),
                index -> {
                    var item = JSON.createObjectNode().put("outputIndex", index);
                    item.putArray("content");
                    return item;
                });
    }

    private ObjectNode part(JsonNode event, String type, String form) {
        var content = (ArrayNode) item(event).path("content");
        long index = event.path("contentIndex").asLong();
        for (var part : content) {
            if (part.path("contentIndex").asLong() == index
                    && part.path("type").asText().equals(type)
                    && (form.isEmpty() || part.path("form").asText().equals(form))) {
                return (ObjectNode) part;
            }
        }
        var part = content.addObject().put("contentIndex", index).put("type", type).put("text", "");
        return form.isEmpty() ? part : part.put("form", form);
    }

    private static void keep(JsonNode from, ObjectNode to, String... fields) {
        for (var field : fields) {
            if (from.has(field)) {
                to.set(field, from.path(field));
            }
        }
    }
}
