package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * Writes the events of a response in the order in which OpenAI sends them: items one after the
 * other, each with its parts, then exactly one terminal event. Confined to one thread.
 */
final class ResponsesScript {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ENCRYPTED_BYTES = 120;

    private final ResponseObject response;
    private final SeededIds ids;
    private final Reply reply;
    private final ApiUsage usage;
    private final List<Frames> frames = new ArrayList<>();
    private final List<Supplier<ObjectNode>> output = new ArrayList<>();
    private long events;

    ResponsesScript(ResponseObject response, Turn turn) {
        this.response = response;
        this.ids = turn.ids();
        this.reply = turn.reply();
        this.usage = ApiUsage.of(turn);
        if (response.background()) {
            event("response.created", e -> e.set("response", response.json("queued")));
            event("response.queued", e -> e.set("response", response.json("queued")));
        } else {
            event("response.created", e -> e.set("response", response.json("in_progress")));
        }
        event("response.in_progress", e -> e.set("response", response.json("in_progress")));
        reply.parts().forEach(this::say);
        end();
    }

    /** The events from {@code response.created} to the terminal one. */
    List<Frames> frames() {
        return frames;
    }

    /** The terminal event's {@code response}. */
    ObjectNode response() {
        return switch (reply.end()) {
            case End.Complete() -> ended("completed");
            case End.CutOff() -> incomplete("max_output_tokens");
            case End.Filtered() -> incomplete("content_filter");
            case End.Failed(var code, var message) -> {
                var json = response.json("failed", output());
                json.putObject("error").put("code", code).put("message", message);
                yield json;
            }
        };
    }

    private void say(Part part) {
        switch (part) {
            case Part.Text(var speech) -> message(speech);
            case Part.Refusal(var speech) -> refusal(speech);
            case Part.Reasoning(var paragraphs) -> reasoning(paragraphs);
            case Part.Call(var name, var speech) -> functionCall(name, speech);
        }
    }

    /** {@code error} and {@code response.failed}, as OpenAI sends both, or the one terminal. */
    private void end() {
        var type =
                switch (reply.end()) {
                    case End.Complete() -> "response.completed";
                    case End.CutOff(), End.Filtered() -> "response.incomplete";
                    case End.Failed(var code, var message) -> {
                        event(
                                "error",
                                e -> e.put("code", code).put("message", message).putNull("param"));
                        yield "response.failed";
                    }
                };
        event(type, e -> e.set("response", response()));
    }

    private ObjectNode incomplete(String reason) {
        var json = ended("incomplete");
        json.putObject("incomplete_details").put("reason", reason);
        return json;
    }

    private ObjectNode ended(String status) {
        var json = response.json(status, output());
        json.set("usage", usage.ofResponses());
        return json;
    }

    private ArrayNode output() {
        var array = JSON.arrayNode();
        output.forEach(item -> array.add(item.get()));
        return array;
    }

    private void message(Speech speech) {
        var item = messageItem();
        var place = openPart(item, textPart(""));
        tokens(
                "response.output_text.delta",
                speech.count(),
                (e, i) ->
                        place.on(e)
                                .put("delta", speech.token(i))
                                .set("logprobs", JSON.arrayNode()));
        if (reply.end() instanceof End.Failed) {
            return;
        }
        event(
                "response.output_text.done",
                e -> place.on(e).put("text", speech.text()).set("logprobs", JSON.arrayNode()));
        var status = reply.end() instanceof End.Complete ? "completed" : "incomplete";
        closePart(place, item, () -> textPart(speech.text()), status);
    }

    private void refusal(Speech speech) {
        var item = messageItem();
        var place = openPart(item, refusalPart(""));
        tokens(
                "response.refusal.delta",
                speech.count(),
                (e, i) -> place.on(e).put("delta", speech.token(i)));
        event("response.refusal.done", e -> place.on(e).put("refusal", speech.text()));
        closePart(place, item, () -> refusalPart(speech.text()), "completed");
    }

    /** Summary parts, and content only the provider can read. */
    private void reasoning(List<List<String>> paragraphs) {
        var item = JSON.objectNode().put("id", ids.next("rs_")).put("type", "reasoning");
        item.put("encrypted_content", ids.blob(ENCRYPTED_BYTES)).putArray("summary");
        addItem(item);
        var done = item.deepCopy().put("encrypted_content", ids.blob(2 * ENCRYPTED_BYTES));
        for (var tokens : paragraphs) {
            done.withArray("summary").add(summaryPart(item, done.get("summary").size(), tokens));
        }
        finishItem(() -> done);
    }

    private ObjectNode summaryPart(ObjectNode item, int index, List<String> tokens) {
        var place = new Place(item.path("id").asText(), output.size(), index, "summary_index");
        event("response.reasoning_summary_part.added", e -> place.on(e).set("part", summary("")));
        tokens(
                "response.reasoning_summary_text.delta",
                tokens.size(),
                (e, i) -> place.on(e).put("delta", tokens.get((int) i)));
        var part = summary(String.join("", tokens));
        event(
                "response.reasoning_summary_text.done",
                e -> place.on(e).set("text", part.get("text")));
        event("response.reasoning_summary_part.done", e -> place.on(e).set("part", part));
        return part;
    }

    private void functionCall(String name, Speech arguments) {
        var item = JSON.objectNode().put("id", ids.next("fc_")).put("type", "function_call");
        item.put("status", "in_progress").put("arguments", "");
        item.put("call_id", ids.next("call_", 29)).put("name", name);
        addItem(item);
        var id = item.path("id").asText();
        int index = output.size();
        tokens(
                "response.function_call_arguments.delta",
                arguments.count(),
                (e, i) ->
                        e.put("item_id", id)
                                .put("output_index", index)
                                .put("delta", arguments.token(i)));
        event(
                "response.function_call_arguments.done",
                e ->
                        e.put("item_id", id)
                                .put("output_index", index)
                                .put("arguments", arguments.text()));
        finishItem(() ->
                item.deepCopy().put("status", "completed").put("arguments", arguments.text()));
    }

    private ObjectNode messageItem() {
        var item = JSON.objectNode().put("id", ids.next("msg_")).put("type", "message");
        item.put("status", "in_progress").putArray("content");
        return item.put("role", "assistant");
    }

    private Place openPart(ObjectNode item, ObjectNode part) {
        addItem(item);
        var place = new Place(item.path("id").asText(), output.size(), "content_index");
        event("response.content_part.added", e -> place.on(e).set("part", part));
        return place;
    }

    /* Events are made when they are sent, so what a part says is known when its events are. */
    private void closePart(Place place, ObjectNode item, Supplier<ObjectNode> part, String status) {
        event("response.content_part.done", e -> place.on(e).set("part", part.get()));
        finishItem(() -> {
            var done = item.deepCopy().put("status", status);
            done.withArray("content").add(part.get());
            return done;
        });
    }

    private void addItem(ObjectNode item) {
        int index = output.size();
        event("response.output_item.added", e -> e.put("output_index", index).set("item", item));
    }

    private void finishItem(Supplier<ObjectNode> item) {
        int index = output.size();
        event(
                "response.output_item.done",
                e -> e.put("output_index", index).set("item", item.get()));
        output.add(item);
    }

    private void event(String type, Consumer<ObjectNode> fields) {
        events(type, 1, false, (e, _) -> fields.accept(e));
    }

    private void tokens(String type, long count, ObjLongConsumer<ObjectNode> fields) {
        events(type, count, true, fields);
    }

    private void events(
            String type, long count, boolean token, ObjLongConsumer<ObjectNode> fields) {
        var first = events;
        frames.add(
                new Frames(
                        count,
                        token,
                        index -> {
                            var json = JSON.objectNode().put("type", type);
                            json.put("sequence_number", first + index);
                            fields.accept(json, index);
                            return ServerSentEvents.event(type, json);
                        }));
        events += count;
    }

    private static ObjectNode textPart(String text) {
        var part = JSON.objectNode().put("type", "output_text");
        part.putArray("annotations");
        part.putArray("logprobs");
        return part.put("text", text);
    }

    private static ObjectNode refusalPart(String refusal) {
        return JSON.objectNode().put("type", "refusal").put("refusal", refusal);
    }

    private static ObjectNode summary(String text) {
        return JSON.objectNode().put("type", "summary_text").put("text", text);
    }

    /** Where in the response a part is. */
    private record Place(String itemId, int outputIndex, int partIndex, String partIndexName) {

        /** The only content part of an item. */
        Place(String itemId, int outputIndex, String partIndexName) {
            this(itemId, outputIndex, 0, partIndexName);
        }

        ObjectNode on(ObjectNode event) {
            event.put("item_id", itemId).put("output_index", outputIndex);
            return event.put(partIndexName, partIndex);
        }
    }
}
