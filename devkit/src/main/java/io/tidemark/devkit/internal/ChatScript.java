package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;

/**
 * Writes a completion as OpenAI does, in chunks or whole. Several choices all say the same, in
 * turns. Thoughts stand in {@code reasoning_content}, as those have it who show them. Confined to
 * one thread.
 */
final class ChatScript {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Turn turn;
    private final int choices;
    private final ApiUsage usage;
    private final String id;
    private final String fingerprint;
    private final boolean usageAskedFor;
    private final List<Frames> frames = new ArrayList<>();
    private int calls;

    ChatScript(Turn turn, int choices, ApiUsage usage) {
        this.turn = turn;
        this.choices = choices;
        this.usage = usage;
        this.id = turn.ids().next("chatcmpl-", 38);
        this.fingerprint = turn.ids().next("fp_", 13);
        this.usageAskedFor = ChatApi.usageAskedFor(turn.request().json());
    }

    /** What the answer is called. */
    String id() {
        return id;
    }

    /** The chunks, and {@code [DONE]} after them; without it, if the model breaks down. */
    List<Frames> frames() {
        deltas(1, false, (delta, _) -> open(delta));
        turn.reply().parts().forEach(this::say);
        if (turn.reply().end() instanceof End.Failed(var code, var message)) {
            var error = JSON.objectNode().put("message", message).put("type", "server_error");
            error.putNull("param").put("code", code);
            var chunk = JSON.objectNode().set("error", error);
            frames.add(Frames.one(() -> ServerSentEvents.data(chunk)));
            return frames;
        }
        chunks(1, false, (choice, _) -> choice.put("finish_reason", finishReason()));
        if (usageAskedFor) {
            frames.add(Frames.one(() -> ServerSentEvents.data(usageChunk())));
        }
        frames.add(Frames.one(ServerSentEvents.DONE::clone));
        return frames;
    }

    /** The completion in one. */
    ObjectNode whole() {
        var json = head("chat.completion");
        var array = json.putArray("choices");
        for (var index = 0; index < choices; index++) {
            var choice = array.addObject().put("index", index);
            choice.set("message", message());
            choice.putNull("logprobs").put("finish_reason", finishReason());
        }
        json.set("usage", usage.ofChat());
        return json;
    }

    private ObjectNode message() {
        var message = JSON.objectNode().put("role", "assistant").putNull("content");
        message.putNull("refusal").putArray("annotations");
        for (var part : turn.reply().parts()) {
            var text = part.speech().text();
            switch (part) {
                case Part.Text(_) -> message.put("content", text);
                case Part.Refusal(_) -> message.put("refusal", text);
                case Part.Reasoning(_) -> message.put("reasoning_content", text);
                case Part.Call(var name, _) ->
                        function(message.withArray("tool_calls").addObject(), callId(), name, text);
            }
        }
        return message;
    }

    private void open(ObjectNode delta) {
        delta.put("role", "assistant");
        switch (turn.reply().parts().getFirst()) {
            case Part.Text(_) -> delta.put("content", "").putNull("refusal");
            case Part.Refusal(_) -> delta.putNull("content").put("refusal", "");
            case Part.Reasoning(_) -> delta.putNull("content").put("reasoning_content", "");
            case Part.Call(_, _) -> delta.putNull("content");
        }
    }

    private void say(Part part) {
        var speech = part.speech();
        switch (part) {
            case Part.Text(_) -> say(speech, "content");
            case Part.Refusal(_) -> say(speech, "refusal");
            case Part.Reasoning(_) -> say(speech, "reasoning_content");
            case Part.Call(var name, _) -> call(name, speech);
        }
    }

    private void say(Speech speech, String field) {
        deltas(speech.count(), true, (delta, index) -> delta.put(field, speech.token(index)));
    }

    private void call(String name, Speech arguments) {
        int index = calls++;
        var ids = IntStream.range(0, choices).mapToObj(_ -> callId()).iterator();
        deltas(1, false, (delta, _) -> function(call(delta, index), ids.next(), name, ""));
        deltas(
                arguments.count(),
                true,
                (delta, piece) ->
                        call(delta, index)
                                .putObject("function")
                                .put("arguments", arguments.token(piece)));
    }

    private static ObjectNode call(ObjectNode delta, int index) {
        return delta.putArray("tool_calls").addObject().put("index", index);
    }

    private static void function(ObjectNode call, String callId, String name, String arguments) {
        call.put("id", callId).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
    }

    private String callId() {
        return turn.ids().next("call_", 29);
    }

    private String finishReason() {
        return switch (turn.reply().end()) {
            case End.Complete() -> turn.reply().calls() ? "tool_calls" : "stop";
            case End.CutOff() -> "length";
            case End.Filtered() -> "content_filter";
            case End.Failed(_, _) -> throw new IllegalStateException("a failure has no finish");
        };
    }

    private void deltas(long count, boolean token, ObjLongConsumer<ObjectNode> fields) {
        chunks(count, token, (choice, index) -> fields.accept(choice.withObject("/delta"), index));
    }

    private void chunks(long count, boolean token, ObjLongConsumer<ObjectNode> fields) {
        var total = count == Long.MAX_VALUE ? count : count * choices;
        frames.add(
                new Frames(
                        total,
                        token,
                        index ->
                                chunk(
                                        (int) (index % choices),
                                        choice -> fields.accept(choice, index / choices))));
    }

    private byte[] chunk(int choiceIndex, Consumer<ObjectNode> fields) {
        var json = head("chat.completion.chunk");
        if (usageAskedFor) {
            json.putNull("usage");
        }
        var choice = json.putArray("choices").addObject().put("index", choiceIndex);
        choice.putObject("delta");
        choice.putNull("logprobs").putNull("finish_reason");
        fields.accept(choice);
        return ServerSentEvents.data(json);
    }

    private ObjectNode usageChunk() {
        var json = head("chat.completion.chunk");
        json.putArray("choices");
        json.set("usage", usage.ofChat());
        return json;
    }

    private ObjectNode head(String object) {
        return JSON.objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", turn.createdAt().getEpochSecond())
                .put("model", turn.request().model())
                .put("service_tier", "default")
                .put("system_fingerprint", fingerprint);
    }
}
