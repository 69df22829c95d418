package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.SimulatedUsage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes the events of a response in the order in which OpenAI sends them: items one after the
 * other, each with its parts, then exactly one terminal event. Confined to one thread.
 */
final class ScriptBuilder {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ENCRYPTED_BYTES = 120;

    private final ResponseObject response;
    private final SeededIds ids;
    private final List<Step> steps = new ArrayList<>();
    private final ArrayNode output = JSON.arrayNode();
    private long outputTokens;
    private long reasoningTokens;

    ScriptBuilder(ResponseObject response, SeededIds ids) {
        this.response = response;
        this.ids = ids;
        event("response.created", e -> e.set("response", response.json("in_progress")));
        event("response.in_progress", e -> e.set("response", response.json("in_progress")));
    }

    /** A message with one text part. */
    ScriptBuilder message(List<String> tokens) {
        return message(tokens, "completed");
    }

    /** A message that the end of the response cuts off. */
    ScriptBuilder unfinishedMessage(List<String> tokens) {
        return message(tokens, "incomplete");
    }

    private ScriptBuilder message(List<String> tokens, String status) {
        var item = messageItem();
        var text = openText(item, tokens);
        var place = new Place(item.path("id").asText(), output.size(), "content_index");
        event(
                "response.output_text.done",
                e -> place.on(e).put("text", text).set("logprobs", JSON.arrayNode()));
        closePart(place, item, textPart(text), status);
        return this;
    }

    /**
     * A message whose tokens are the times at which they are sent, for measuring how old they are
     * when they are read; then the end.
     *
     * @param clock nanoseconds, read when a token's frame is made
     */
    Script clockMessage(int count, LongSupplier clock) {
        var item = messageItem();
        var said = new StringBuilder();
        var place = openPart(item, textPart(""));
        for (int i = 0; i < count; i++) {
            token(
                    "response.output_text.delta",
                    e -> {
                        var now = clock.getAsLong() + " ";
                        said.append(now);
                        place.on(e).put("delta", now).set("logprobs", JSON.arrayNode());
                    });
        }
        /* Frames are made when they are sent, so the part's text is there when its events are. */
        var part = textPart("");
        event(
                "response.output_text.done",
                e -> {
                    part.put("text", said.toString());
                    place.on(e).put("text", said.toString()).set("logprobs", JSON.arrayNode());
                });
        closePart(place, item, part, "completed");
        return complete();
    }

    /** A message that breaks off without a word: no {@code done} event for anything. */
    ScriptBuilder brokenMessage(List<String> tokens) {
        var item = messageItem();
        openText(item, tokens);
        return this;
    }

    private String openText(ObjectNode item, List<String> tokens) {
        var place = openPart(item, textPart(""));
        for (var token : tokens) {
            token(
                    "response.output_text.delta",
                    e -> place.on(e).put("delta", token).set("logprobs", JSON.arrayNode()));
        }
        return String.join("", tokens);
    }

    /** A message that is a refusal. */
    ScriptBuilder refusal(List<String> tokens) {
        var item = messageItem();
        var place = openPart(item, refusalPart(""));
        for (var token : tokens) {
            token("response.refusal.delta", e -> place.on(e).put("delta", token));
        }
        var text = String.join("", tokens);
        event("response.refusal.done", e -> place.on(e).put("refusal", text));
        closePart(place, item, refusalPart(text), "completed");
        return this;
    }

    /** Reasoning with summary parts and content only the provider can read. */
    ScriptBuilder reasoning(List<List<String>> summaries) {
        var item = JSON.objectNode().put("id", ids.next("rs_")).put("type", "reasoning");
        item.put("encrypted_content", ids.blob(ENCRYPTED_BYTES)).putArray("summary");
        addItem(item);
        var done = item.deepCopy().put("encrypted_content", ids.blob(2 * ENCRYPTED_BYTES));
        for (var tokens : summaries) {
            reasoningTokens += tokens.size();
            done.withArray("summary").add(summaryPart(item, done.get("summary").size(), tokens));
        }
        finishItem(done);
        return this;
    }

    private ObjectNode summaryPart(ObjectNode item, int index, List<String> tokens) {
        var place = new Place(item.path("id").asText(), output.size(), index, "summary_index");
        event("response.reasoning_summary_part.added", e -> place.on(e).set("part", summary("")));
        for (var token : tokens) {
            token("response.reasoning_summary_text.delta", e -> place.on(e).put("delta", token));
        }
        var part = summary(String.join("", tokens));
        event(
                "response.reasoning_summary_text.done",
                e -> place.on(e).set("text", part.get("text")));
        event("response.reasoning_summary_part.done", e -> place.on(e).set("part", part));
        return part;
    }

    /** A call of one of the caller's functions. */
    ScriptBuilder functionCall(String name, List<String> argumentPieces) {
        var item = JSON.objectNode().put("id", ids.next("fc_")).put("type", "function_call");
        item.put("status", "in_progress").put("arguments", "");
        item.put("call_id", ids.next("call_").substring(0, 29)).put("name", name);
        addItem(item);
        var id = item.path("id").asText();
        int index = output.size();
        for (var piece : argumentPieces) {
            token(
                    "response.function_call_arguments.delta",
                    e -> e.put("item_id", id).put("output_index", index).put("delta", piece));
        }
        var arguments = String.join("", argumentPieces);
        event(
                "response.function_call_arguments.done",
                e -> e.put("item_id", id).put("output_index", index).put("arguments", arguments));
        finishItem(item.deepCopy().put("status", "completed").put("arguments", arguments));
        return this;
    }

    /** The terminal event of a response that said all it had to say. */
    Script complete() {
        return end("response.completed", response.json("completed", output));
    }

    /** The terminal event of a response that was cut off. */
    Script incomplete(String reason) {
        var json = response.json("incomplete", output);
        json.putObject("incomplete_details").put("reason", reason);
        return end("response.incomplete", json);
    }

    /** {@code error}, then {@code response.failed}, as OpenAI sends both; no usage. */
    Script fail(String code, String message) {
        event("error", e -> e.put("code", code).put("message", message).putNull("param"));
        var json = response.json("failed", output);
        json.putObject("error").put("code", code).put("message", message);
        event("response.failed", e -> e.set("response", json));
        return new Script(steps, json, SimulatedUsage.NONE);
    }

    private Script end(String type, ObjectNode json) {
        var inputTokens = Tokens.estimate(response.request().prompt());
        json.set("usage", ResponseObject.usage(inputTokens, outputTokens, reasoningTokens));
        event(type, e -> e.set("response", json));
        return new Script(steps, json, new SimulatedUsage(1, inputTokens, outputTokens));
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

    private void closePart(Place place, ObjectNode item, ObjectNode part, String status) {
        event("response.content_part.done", e -> place.on(e).set("part", part));
        var done = item.deepCopy().put("status", status);
        done.withArray("content").add(part);
        finishItem(done);
    }

    private void addItem(ObjectNode item) {
        int index = output.size();
        event("response.output_item.added", e -> e.put("output_index", index).set("item", item));
    }

    private void finishItem(ObjectNode item) {
        int index = output.size();
        event("response.output_item.done", e -> e.put("output_index", index).set("item", item));
        output.add(item);
    }

    private void event(String type, Consumer<ObjectNode> fields) {
        steps.add(new Step(type, false, fields));
    }

    private void token(String type, Consumer<ObjectNode> fields) {
        outputTokens++;
        steps.add(new Step(type, true, fields));
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
