package io.tidemark.devkit.internal;

import io.tidemark.devkit.internal.ModelRequest.Form;

import java.nio.charset.StandardCharsets;

/**
 * OpenAI Responses: {@code POST /v1/responses}; what may be asked of a response afterwards is
 * answered by {@link StoredResponses}. Stateless.
 */
final class ResponsesApi implements OpenAiApi {

    private static final byte[] MALFORMED =
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"del\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    @Override
    public boolean serves(String path) {
        return path.equals("/v1/responses");
    }

    @Override
    public ModelRequest read(HttpRequest http) throws InvalidRequest {
        var json = JsonBody.object(http.body());
        var model = JsonBody.model(json);
        var input = JsonBody.required(json, "input");
        if (!input.isTextual() && !input.isArray()) {
            throw new InvalidRequest(
                    ApiError.badRequest("input", "'input' must be a string or a list."));
        }
        if (json.path("background").asBoolean() && !json.path("store").asBoolean(true)) {
            throw new InvalidRequest(
                    ApiError.badRequest("background", "Background requires 'store' to be true."));
        }
        return new ModelRequest(
                model,
                JsonBody.form(json),
                input.isTextual() ? input.textValue() : JsonBody.lastOfUser(input, "content"),
                json.path("max_output_tokens").asInt(Integer.MAX_VALUE),
                JsonBody.firstName(json.path("tools"), "/name"),
                Metadata.in("metadata", json),
                json);
    }

    @Override
    public Answer answer(Turn turn) {
        var response =
                new ResponseObject(turn.ids().next("resp_"), turn.createdAt(), turn.request());
        var script = new ResponsesScript(response, turn);
        var reported = ApiUsage.of(turn).reported(response.id(), turn.reply());
        if (response.background()) {
            return new Answer.Background(response, script.frames(), script::response, reported);
        }
        return turn.request().form() == Form.WHOLE
                ? new Answer.Whole(
                        () -> script.response().toString().getBytes(StandardCharsets.UTF_8),
                        turn.reply().tokens(),
                        reported)
                : new Answer.Streamed(
                        script.frames(), Answer.EVENT_STREAM + "; charset=utf-8", reported);
    }

    @Override
    public byte[] malformedEvent() {
        return MALFORMED.clone();
    }
}
