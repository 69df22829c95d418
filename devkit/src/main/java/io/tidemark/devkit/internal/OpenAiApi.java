package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What OpenAI's APIs have in common: the key, and the shape of an error. Stateless. */
interface OpenAiApi extends ProviderApi {

    @Override
    default String prefix() {
        return "/";
    }

    @Override
    default Optional<ApiError> keyMissing(HttpRequest http) {
        return hasBearer(http)
                ? Optional.empty()
                : Optional.of(
                        ApiError.noKey(
                                "You didn't provide an API key in an Authorization header using"
                                        + " Bearer auth.",
                                Map.of("www-authenticate", "Bearer")));
    }

    /** Whether there is a bearer token, whatever it is. */
    static boolean hasBearer(HttpRequest http) {
        var authorization = http.header("authorization");
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7) && authorization.length() > 7;
    }

    @Override
    default byte[] body(ApiError error, String requestId) {
        return JsonNodeFactory.instance
                .objectNode()
                .set("error", json(error))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** {@code {message, type, param, code}}. */
    static ObjectNode json(ApiError error) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message", error.message())
                .put("type", error.type())
                .put("param", error.param())
                .put("code", error.code());
    }

    @Override
    default String requestIdHeader() {
        return "x-request-id";
    }
}
