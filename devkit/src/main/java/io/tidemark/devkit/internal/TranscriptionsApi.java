package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.Reply.End;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * OpenAI transcriptions: {@code POST /v1/audio/transcriptions} with a form. Also takes JSON with
 * the form's fields, of which {@code file} may be left out then. What is asked of the simulator
 * stands in the form itself or in its {@code metadata[KEY]}. Stateless.
 */
final class TranscriptionsApi implements OpenAiApi {

    private static final byte[] MALFORMED =
            "data: {\"type\":\"transcript.text.delta\",\"del\n\n".getBytes(StandardCharsets.UTF_8);

    @Override
    public boolean serves(String path) {
        return path.equals("/v1/audio/transcriptions");
    }

    @Override
    public ModelRequest read(HttpRequest http) throws InvalidRequest {
        var contentType = http.header("content-type");
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                ? readForm(MultipartForm.parse(contentType, http.body()))
                : readJson(JsonBody.object(http.body()));
    }

    private static ModelRequest readForm(MultipartForm form) throws InvalidRequest {
        var json = JsonNodeFactory.instance.objectNode();
        var metadata = new HashMap<String, String>();
        form.fields()
                .forEach((name, value) -> {
                    json.put(name, value);
                    var nested = name.startsWith("metadata[") && name.endsWith("]");
                    metadata.put(nested ? name.substring(9, name.length() - 1) : name, value);
                });
        var model = JsonBody.model(json);
        if (!form.files().contains("file")) {
            throw new InvalidRequest(ApiError.missing("file"));
        }
        var stream = json.path("stream").asText("false");
        if (!stream.equals("true") && !stream.equals("false")) {
            throw new InvalidRequest(ApiError.badRequest("stream", "'stream' must be a boolean."));
        }
        return request(
                model,
                stream.equals("true") ? Form.EVENTS : Form.WHOLE,
                new Metadata("", metadata),
                json);
    }

    private static ModelRequest readJson(ObjectNode json) throws InvalidRequest {
        return request(
                JsonBody.model(json), JsonBody.form(json), Metadata.in("metadata", json), json);
    }

    private static ModelRequest request(String model, Form form, Metadata metadata, ObjectNode json)
            throws InvalidRequest {
        switch (json.path("response_format").asText("json")) {
            case "json", "diarized_json" -> {}
            default ->
                    throw new InvalidRequest(
                            ApiError.badRequest(
                                    "response_format",
                                    "'response_format' must be json or diarized_json."));
        }
        return new ModelRequest(
                model, form, json.path("prompt").asText(""), Integer.MAX_VALUE, "", metadata, json);
    }

    @Override
    public Answer answer(Turn turn) {
        var script = new TranscriptionsScript(turn);
        var reported = reported(turn);
        if (turn.request().form() != Form.WHOLE) {
            return new Answer.Streamed(
                    script.frames(), Answer.EVENT_STREAM + "; charset=utf-8", reported);
        }
        return turn.reply().end() instanceof End.Failed
                ? new Answer.Refused(ApiError.fault(500, Map.of()))
                : new Answer.Whole(
                        () -> script.whole().toString().getBytes(StandardCharsets.UTF_8),
                        turn.reply().tokens(),
                        reported);
    }

    /** Thoughts are not transcribed, and so not counted. */
    private static Reported reported(Turn turn) {
        var usage = ApiUsage.of(turn);
        return new ApiUsage(usage.input(), usage.output() - usage.reasoning(), 0)
                .reported(turn.requestId(), turn.reply());
    }

    @Override
    public byte[] malformedEvent() {
        return MALFORMED.clone();
    }
}
