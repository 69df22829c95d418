package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/**
 * Writes a message as Anthropic does, in events or whole: content blocks one after the other, a
 * {@code ping} once the first is open, and the stop reason apart from the end. Confined to one
 * thread.
 */
final class MessagesScript {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SIGNATURE_BYTES = 180;

    private final Turn turn;
    private final ApiUsage usage;
    private final String id;
    private final List<Frames> frames = new ArrayList<>();
    private int blocks;

    MessagesScript(Turn turn, ApiUsage usage) {
        this.turn = turn;
        this.usage = usage;
        this.id = turn.ids().next("msg_01", 28);
    }

    /** What the answer is called. */
    String id() {
        return id;
    }

    /** The events from {@code message_start} to {@code message_stop}, or to {@code error}. */
    List<Frames> frames() {
        var message = message(null);
        message.set("usage", usage.ofMessages(1));
        event("message_start", e -> e.set("message", message));
        turn.reply().parts().forEach(this::say);
        if (turn.reply().end() instanceof End.Failed(_, var reason)) {
            var error = MessagesApi.error("api_error", reason, turn.requestId());
            event("error", e -> e.setAll(error));
            return frames;
        }
        event("message_delta", this::stop);
        event("message_stop", _ -> {});
        return frames;
    }

    /** The message in one. */
    ObjectNode whole() {
        var message = message(stopReason());
        var content = message.withArray("content");
        for (var part : turn.reply().parts()) {
            var text = part.speech().text();
            var block = open(part);
            content.add(
                    switch (part) {
                        case Part.Text(_), Part.Refusal(_) -> block.put("text", text);
                        case Part.Reasoning(_) ->
                                block.put("thinking", text).put("signature", signature());
                        case Part.Call(_, _) -> block.set("input", JsonBody.of(text));
                    });
        }
        message.set("usage", usage.ofMessages(usage.output()));
        return message;
    }

    private ObjectNode message(@Nullable String stopReason) {
        var message = JSON.objectNode().put("id", id).put("type", "message");
        message.put("role", "assistant").put("model", turn.request().model());
        message.putArray("content");
        return message.put("stop_reason", stopReason).putNull("stop_sequence");
    }

    private void stop(ObjectNode event) {
        event.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
        event.set("usage", usage.ofMessages(usage.output()).without("service_tier"));
    }

    private String stopReason() {
        return switch (turn.reply().end()) {
            case End.Complete() when turn.reply().refuses() -> "refusal";
            case End.Complete() -> turn.reply().calls() ? "tool_use" : "end_turn";
            case End.CutOff() -> "max_tokens";
            case End.Filtered() -> "refusal";
            case End.Failed(_, _) -> throw new IllegalStateException("a failure does not stop");
        };
    }

    private void say(Part part) {
        int index = blocks++;
        var block = open(part);
        event("content_block_start", e -> e.put("index", index).set("content_block", block));
        if (index == 0) {
            event("ping", _ -> {});
        }
        var speech = part.speech();
        switch (part) {
            case Part.Text(_), Part.Refusal(_) -> deltas(index, speech, "text_delta", "text");
            case Part.Reasoning(_) -> {
                deltas(index, speech, "thinking_delta", "thinking");
                var signature = signature();
                event(
                        "content_block_delta",
                        e -> delta(e, index, "signature_delta").put("signature", signature));
            }
            case Part.Call(_, _) -> {
                event(
                        "content_block_delta",
                        e -> delta(e, index, "input_json_delta").put("partial_json", ""));
                deltas(index, speech, "input_json_delta", "partial_json");
            }
        }
        if (!(turn.reply().end() instanceof End.Failed)) {
            event("content_block_stop", e -> e.put("index", index));
        }
    }

    private ObjectNode open(Part part) {
        var block = JSON.objectNode();
        return switch (part) {
            case Part.Text(_), Part.Refusal(_) -> block.put("type", "text").put("text", "");
            case Part.Reasoning(_) ->
                    block.put("type", "thinking").put("thinking", "").put("signature", "");
            case Part.Call(var name, _) -> {
                block.put("type", "tool_use").put("id", turn.ids().next("toolu_01", 30));
                yield block.put("name", name).set("input", JSON.objectNode());
            }
        };
    }

    private String signature() {
        return turn.ids().signature(SIGNATURE_BYTES);
    }

    private void deltas(int index, Speech speech, String type, String field) {
        events(
                "content_block_delta",
                speech.count(),
                true,
                (e, i) -> delta(e, index, type).put(field, speech.token(i)));
    }

    private static ObjectNode delta(ObjectNode event, int index, String type) {
        return event.put("index", index).putObject("delta").put("type", type);
    }

    private void event(String type, Consumer<ObjectNode> fields) {
        events(type, 1, false, (e, _) -> fields.accept(e));
    }

    private void events(
            String type, long count, boolean token, ObjLongConsumer<ObjectNode> fields) {
        frames.add(
                new Frames(
                        count,
                        token,
                        index -> {
                            var json = JSON.objectNode().put("type", type);
                            fields.accept(json, index);
                            return ServerSentEvents.event(type, json);
                        }));
    }
}
