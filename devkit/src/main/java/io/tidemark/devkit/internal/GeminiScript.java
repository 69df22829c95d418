package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Writes a response as Gemini does: a partial one for each token, a call in one piece, usage that
 * grows, and the finish reason in the last. As events, as the elements of a JSON array, or whole.
 * Confined to one thread.
 */
final class GeminiScript {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SIGNATURE_BYTES = 90;

    private final Turn turn;
    private final String id;
    private final long inputTokens;
    private final List<Frames> frames = new ArrayList<>();
    private long outputTokens;
    private long reasoningTokens;
    private long chunks;

    GeminiScript(Turn turn) {
        this.turn = turn;
        this.id = turn.ids().next("", 23);
        this.inputTokens = ApiUsage.of(turn).input();
    }

    /** What the answer is called. */
    String id() {
        return id;
    }

    /** The partial responses, as the request wants them framed. */
    List<Frames> frames() {
        turn.reply().parts().forEach(this::say);
        if (turn.reply().end() instanceof End.Failed(_, var message)) {
            chunks(1, false, _ -> GeminiApi.error(500, message));
        } else {
            var usage = new ApiUsage(inputTokens, outputTokens, reasoningTokens);
            var last = last();
            chunks(1, false, _ -> response(last, usage));
        }
        if (turn.request().form() == Form.ARRAY) {
            frames.add(Frames.one(() -> "\n]\n".getBytes(StandardCharsets.UTF_8)));
        }
        return frames;
    }

    /** The response in one. */
    ObjectNode whole() {
        var candidate = JSON.objectNode();
        var content = candidate.putObject("content");
        var parts = content.putArray("parts");
        turn.reply().parts().forEach(part -> parts.add(json(part, part.speech().text())));
        content.put("role", "model");
        candidate.setAll(end());
        return response(candidate, ApiUsage.of(turn));
    }

    private void say(Part part) {
        var speech = part.speech();
        var output = outputTokens;
        var reasoning = reasoningTokens;
        outputTokens += speech.count();
        switch (part) {
            case Part.Text(_), Part.Refusal(_) ->
                    chunks(
                            speech.count(),
                            true,
                            i ->
                                    partial(
                                            json(part, speech.token(i)),
                                            new ApiUsage(inputTokens, output + i + 1, reasoning)));
            case Part.Reasoning(_) -> {
                reasoningTokens += speech.count();
                chunks(
                        speech.count(),
                        true,
                        i ->
                                partial(
                                        json(part, speech.token(i)),
                                        new ApiUsage(
                                                inputTokens, output + i + 1, reasoning + i + 1)));
            }
            case Part.Call(_, _) -> {
                var said = new ApiUsage(inputTokens, outputTokens, reasoning);
                chunks(1, true, _ -> partial(json(part, speech.text()), said));
            }
        }
    }

    private static ObjectNode json(Part part, String text) {
        var json = JSON.objectNode();
        return switch (part) {
            case Part.Text(_), Part.Refusal(_) -> json.put("text", text);
            case Part.Reasoning(_) -> json.put("text", text).put("thought", true);
            case Part.Call(var name, _) -> {
                json.putObject("functionCall").put("name", name).set("args", JsonBody.of(text));
                yield json;
            }
        };
    }

    private ObjectNode partial(ObjectNode part, ApiUsage usage) {
        return response(candidate(part).put("index", 0), usage);
    }

    private static ObjectNode candidate(ObjectNode part) {
        var candidate = JSON.objectNode();
        var content = candidate.putObject("content");
        content.putArray("parts").add(part);
        content.put("role", "model");
        return candidate;
    }

    /** An empty part and the finish reason; what safety stops has not even that. */
    private ObjectNode last() {
        var end = end();
        if (end.has("safetyRatings")) {
            return end;
        }
        var part = JSON.objectNode().put("text", "");
        if (turn.reply().reasoningTokens() > 0) {
            part.put("thoughtSignature", turn.ids().signature(SIGNATURE_BYTES));
        }
        return candidate(part).setAll(end);
    }

    private ObjectNode end() {
        var end = JSON.objectNode();
        switch (turn.reply().end()) {
            case End.Complete() when !turn.reply().refuses() -> end.put("finishReason", "STOP");
            case End.CutOff() -> end.put("finishReason", "MAX_TOKENS");
            case End.Complete(), End.Filtered() -> {
                end.put("finishReason", "SAFETY");
                end.putArray("safetyRatings")
                        .addObject()
                        .put("category", "HARM_CATEGORY_DANGEROUS_CONTENT")
                        .put("probability", "HIGH")
                        .put("blocked", true);
            }
            case End.Failed(_, _) -> throw new IllegalStateException("a failure does not finish");
        }
        return end.put("index", 0);
    }

    private ObjectNode response(ObjectNode candidate, ApiUsage usage) {
        var response = JSON.objectNode();
        response.putArray("candidates").add(candidate);
        response.set("usageMetadata", usage.ofGemini());
        return response.put("modelVersion", turn.request().model()).put("responseId", id);
    }

    private void chunks(long count, boolean token, LongFunction<ObjectNode> json) {
        var first = chunks;
        frames.add(new Frames(count, token, index -> framed(first + index, json.apply(index))));
        chunks += count;
    }

    private byte[] framed(long index, ObjectNode chunk) {
        return turn.request().form() == Form.EVENTS
                ? ServerSentEvents.dataCrlf(chunk)
                : ((index == 0 ? "[" : "\n,\n") + chunk.toPrettyString())
                        .getBytes(StandardCharsets.UTF_8);
    }
}
