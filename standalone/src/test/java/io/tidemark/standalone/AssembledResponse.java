package io.tidemark.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;

import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a client puts together from the events it received, in the shape of the folded response. It
 * shares no code with the fold, so that the two check each other.
 */
final class AssembledResponse {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> IDENTITY =
            List.of("contentIndex", "type", "form", "segmentId");

    private final ObjectNode response = JSON.createObjectNode().put("status", "in_progress");
    private final TreeMap<Place, ObjectNode> items = new TreeMap<>(Place.ORDER);

    /** Where an item is: its choice, and its index in the output of that. */
    private record Place(int choiceIndex, int outputIndex) {
        private static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::choiceIndex).thenComparingInt(Place::outputIndex);
    }

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
            case "stream.started", "stream.status" ->
                    keep(event, response, "model", "providerResponseId");
            case "stream.completed" -> complete(event);
            case "stream.failed" -> fail(event);
            case "item.started" -> start(event);
            case "item.completed" -> item(event).set("status", event.path("status"));
            case "text.delta" -> append(event, "text");
            case "refusal.delta" -> append(event, "refusal");
            case "reasoning.delta" -> append(event, "reasoning");
            case "transcript.delta" -> append(event, "transcript");
            case "audio.delta" -> hear(event);
            case "image.snapshot" -> item(event).withArray("images").addObject();
            case "content.completed" -> close(event);
            case "citation.added" ->
                    part(event, "text").withArray("citations").add(event.path("citation"));
            case "tool.delta" -> callPiece(event);
            case "tool.call" -> call(event);
            case "tool.result" -> result(event);
            case "usage.updated" -> keep(event, response, "usage");
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

    private void fail(JsonNode event) {
        response.put("status", "failed").set("failure", event);
        keep(event, response, "usage");
    }

    private void start(JsonNode event) {
        var item = item(event);
        keep(event.path("item"), item, "kind", "providerItemType", "role", "phase");
        if (item.path("kind").asText().equals("tool_call")) {
            keep(event.path("item"), item.putObject("call"), "callId", "name");
        }
    }

    private void callPiece(JsonNode event) {
        var call = item(event).withObject("/call");
        keep(event, call, "callId", "inputKind");
        var input = call.path("input").asText() + event.path("text").asText();
        if (!event.path("inputKind").asText().equals("json_path")) {
            call.put("input", input);
        }
    }

    private void call(JsonNode event) {
        var call = item(event).withObject("/call").put("complete", true);
        keep(event, call, "callId", "name", "inputKind", "input", "executor");
    }

    private void result(JsonNode event) {
        if (!event.path("partial").asBoolean()) {
            var results = item(event).withArray("results");
            keep(event, results.addObject(), "tool", "callId", "output", "stream", "isError");
        }
    }

    /* A lane without a delta is a part too: an empty one. */
    private void close(JsonNode event) {
        var lane = event.path("lane").asText();
        if (!lane.equals("tool")) {
            part(event, lane);
        }
    }

    private void append(JsonNode event, String type) {
        var part = part(event, type);
        part.put("text", part.path("text").asText() + event.path("text").asText());
        keep(event, part, "role");
    }

    private void hear(JsonNode event) {
        var media = part(event, "audio").withObject("/media");
        int heard = Base64.getDecoder().decode(event.path("base64").asText()).length;
        media.put("bytes", media.path("bytes").asLong() + heard);
    }

    private ObjectNode item(JsonNode event) {
        var place = new Place(event.path("choiceIndex").asInt(), event.path("outputIndex").asInt());
        var item = items.computeIfAbsent(place, AssembledResponse::item);
        keep(event, item, "itemId");
        return item;
    }

    private static ObjectNode item(Place place) {
        var item = JSON.createObjectNode().put("outputIndex", place.outputIndex());
        if (place.choiceIndex() != 0) {
            item.put("choiceIndex", place.choiceIndex());
        }
        item.putArray("content");
        return item;
    }

    /* The part of a lane; reasoning has one for each form, a transcript one for each segment. */
    private ObjectNode part(JsonNode event, String type) {
        var wanted =
                JSON.createObjectNode()
                        .put("contentIndex", event.path("contentIndex").asLong())
                        .put("type", type);
        keep(event, wanted, type.equals("reasoning") ? "form" : "segmentId");
        var content = (ArrayNode) item(event).path("content");
        for (var part : content) {
            if (((ObjectNode) part).deepCopy().retain(IDENTITY).equals(wanted)) {
                return (ObjectNode) part;
            }
        }
        content.add(wanted.put("text", ""));
        return wanted;
    }

    private static void keep(JsonNode from, ObjectNode to, String... fields) {
        for (var field : fields) {
            if (from.has(field)) {
                to.set(field, from.path(field));
            }
        }
    }
}
