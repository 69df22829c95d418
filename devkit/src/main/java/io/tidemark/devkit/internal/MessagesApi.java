package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.Reply.End;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Anthropic Messages: {@code POST /v1/messages}. Stateless. */
final class MessagesApi implements ProviderApi {

    private static final byte[] MALFORMED =
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    @Override
    public boolean serves(String path) {
        return path.equals("/v1/messages");
    }

    @Override
    public String prefix() {
        return "/v1/messages";
    }

    @Override
    public Optional<ApiError> keyMissing(HttpRequest http) {
        return http.header("x-api-key").isEmpty()
                ? Optional.of(ApiError.noKey("x-api-key header is required", Map.of()))
                : Optional.empty();
    }

    @Override
    public ModelRequest read(HttpRequest http) throws InvalidRequest {
        if (http.header("anthropic-version").isEmpty()) {
            throw new InvalidRequest(
                    ApiError.badRequest(null, "anthropic-version: header is required"));
        }
        var json = JsonBody.object(http.body());
        var model = JsonBody.model(json);
        var messages = JsonBody.requiredList(json, "messages");
        JsonBody.required(json, "max_tokens");
        return new ModelRequest(
                model,
                JsonBody.form(json),
                JsonBody.lastOfUser(messages, "content"),
                JsonBody.positive(json, "max_tokens").orElseThrow(),
                JsonBody.firstName(json.path("tools"), "/name"),
                Metadata.in("metadata", json),
                json);
    }

    @Override
    public Answer answer(Turn turn) {
        var usage = ApiUsage.of(turn);
        var script = new MessagesScript(turn, usage);
        var reported = usage.reported(script.id(), turn.reply());
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

    @Override
    public byte[] body(ApiError error, String requestId) {
        return error(typeOf(error.statusCode()), error.message(), requestId)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An error, as it stands in a body or in a stream. */
    static ObjectNode error(String type, String message, String requestId) {
        var json = JsonNodeFactory.instance.objectNode().put("type", "error");
        json.putObject("error").put("type", type).put("message", message);
        return json.put("request_id", requestId);
    }

    private static String typeOf(int statusCode) {
        return switch (statusCode) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> statusCode < 500 ? "invalid_request_error" : "api_error";
        };
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public byte[] malformedEvent() {
        return MALFORMED.clone();
    }
}
