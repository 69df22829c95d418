package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.Reply.End;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google's Gemini API: {@code POST /v1beta/models/MODEL:streamGenerateContent}, as events with
 * {@code ?alt=sse} and as one JSON array without, and {@code :generateContent} for the whole. The
 * model is percent-decoded, and may hold slashes and colons. Stateless.
 */
final class GeminiApi implements ProviderApi {

    private static final Pattern PATH =
            Pattern.compile("/v1(?:beta)?/models/(.+):(streamGenerateContent|generateContent)");
    private static final byte[] MALFORMED =
            "data: {\"candidates\":[{\"content\":{\"par\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    @Override
    public boolean serves(String path) {
        return match(path).map(Matcher::matches).orElse(false);
    }

    /** Nothing, if the path cannot be decoded. */
    private static Optional<Matcher> match(String path) {
        try {
            var literalPlus = path.replace("+", "%2B");
            return Optional.of(
                    PATH.matcher(URLDecoder.decode(literalPlus, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String prefix() {
        return "/v1beta/";
    }

    @Override
    public Optional<ApiError> keyMissing(HttpRequest http) {
        return http.header("x-goog-api-key").isEmpty() && http.parameter("key").isEmpty()
                ? Optional.of(
                        ApiError.forbidden(
                                "Method doesn't allow unregistered callers (callers without"
                                        + " established identity). Please use API Key or other form of"
                                        + " API consumer identity to call this API."))
                : Optional.empty();
    }

    @Override
    public ModelRequest read(HttpRequest http) throws InvalidRequest {
        var path = match(http.path()).filter(Matcher::matches).orElseThrow();
        var json = JsonBody.object(http.body());
        var contents = JsonBody.requiredList(json, "contents");
        return new ModelRequest(
                path.group(1),
                path.group(2).equals("generateContent") ? Form.WHOLE : streamForm(http),
                JsonBody.lastOfUser(contents, "parts"),
                json.path("generationConfig").path("maxOutputTokens").asInt(Integer.MAX_VALUE),
                JsonBody.firstName(json.path("tools"), "/functionDeclarations/0/name"),
                Metadata.in("labels", json),
                json);
    }

    private static Form streamForm(HttpRequest http) {
        return http.parameter("alt").equals("sse") ? Form.EVENTS : Form.ARRAY;
    }

    @Override
    public Answer answer(Turn turn) {
        var script = new GeminiScript(turn);
        var reported = ApiUsage.of(turn).reported(script.id(), turn.reply());
        var form = turn.request().form();
        if (form != Form.WHOLE) {
            return new Answer.Streamed(
                    script.frames(),
                    form == Form.EVENTS ? Answer.EVENT_STREAM : Answer.JSON + "; charset=UTF-8",
                    reported);
        }
        return turn.reply().end() instanceof End.Failed
                ? new Answer.Refused(ApiError.fault(500, Map.of()))
                : new Answer.Whole(
                        () -> script.whole().toPrettyString().getBytes(StandardCharsets.UTF_8),
                        turn.reply().tokens(),
                        reported);
    }

    @Override
    public byte[] body(ApiError error, String requestId) {
        return error(error.statusCode(), error.message())
                .toPrettyString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An error, as it stands in a body or in a stream. */
    static ObjectNode error(int code, String message) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putObject("error")
                .put("code", code)
                .put("message", message)
                .put("status", statusOf(code));
        return json;
    }

    /* The names of google.rpc.Code, by the HTTP status that stands for each. */
    private static String statusOf(int code) {
        return switch (code) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 500 -> "INTERNAL";
            case 501 -> "UNIMPLEMENTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> "UNKNOWN";
        };
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public byte[] malformedEvent() {
        return MALFORMED.clone();
    }
}
