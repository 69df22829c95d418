package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.Reply.End;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** OpenAI Chat Completions: {@code POST /v1/chat/completions}. Stateless. */
final class ChatApi implements OpenAiApi {

    private static final int CHOICES_MAX = 128;
    private static final byte[] MALFORMED =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"del\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    @Override
    public boolean serves(String path) {
        return path.equals("/v1/chat/completions");
    }

    @Override
    public ModelRequest read(HttpRequest http) throws InvalidRequest {
        var json = JsonBody.object(http.body());
        var model = JsonBody.model(json);
        var messages = JsonBody.requiredList(json, "messages");
        if (JsonBody.positive(json, "n").orElse(1) > CHOICES_MAX) {
            throw new InvalidRequest(
                    ApiError.badRequest("n", "'n' must be at most " + CHOICES_MAX + "."));
        }
        var limit = json.path("max_completion_tokens");
        return new ModelRequest(
                model,
                JsonBody.form(json),
                JsonBody.lastOfUser(messages, "content"),
                (limit.isNumber() ? limit : json.path("max_tokens")).asInt(Integer.MAX_VALUE),
                JsonBody.firstName(json.path("tools"), "/function/name"),
                Metadata.in("metadata", json),
                json);
    }

    @Override
    public Answer answer(Turn turn) {
        var json = turn.request().json();
        var choices = json.path("n").asInt(1);
        var usage = ApiUsage.of(turn, choices);
        var script = new ChatScript(turn, choices, usage);
        var reported = usage.reported(script.id(), turn.reply());
        if (turn.request().form() != Form.WHOLE) {
            var frames = script.frames();
            return new Answer.Streamed(
                    frames,
                    Answer.EVENT_STREAM + "; charset=utf-8",
                    usageAskedFor(json) ? reported : Reported.nothing(script.id()));
        }
        return turn.reply().end() instanceof End.Failed
                ? new Answer.Refused(ApiError.fault(500, Map.of()))
                : new Answer.Whole(
                        () -> script.whole().toString().getBytes(StandardCharsets.UTF_8),
                        turn.reply().tokens(),
                        reported);
    }

    /** Whether a stream is to end with a chunk that brings the usage. */
    static boolean usageAskedFor(JsonNode json) {
        return json.path("stream_options").path("include_usage").asBoolean();
    }

    @Override
    public byte[] malformedEvent() {
        return MALFORMED.clone();
    }
}
