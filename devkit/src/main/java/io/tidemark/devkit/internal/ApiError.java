package io.tidemark.devkit.internal;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * An error answer, in OpenAI's words; the other APIs go by the status. Immutable.
 *
 * @param statusCode 300 to 599
 * @param type OpenAI's {@code type}
 * @param code OpenAI's {@code code}
 * @param param the field at fault
 * @param message what is wrong
 * @param headers what the head has for it
 */
record ApiError(
        int statusCode,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        Map<String, String> headers) {

    ApiError {
        headers = Map.copyOf(headers);
    }

    static ApiError badRequest(@Nullable String param, String message) {
        return new ApiError(400, "invalid_request_error", null, param, message, Map.of());
    }

    static ApiError missing(String param) {
        return new ApiError(
                400,
                "invalid_request_error",
                "missing_required_parameter",
                param,
                "Missing required parameter: '" + param + "'.",
                Map.of());
    }

    static ApiError noKey(String message, Map<String, String> headers) {
        return new ApiError(
                401, "invalid_request_error", "invalid_api_key", null, message, headers);
    }

    static ApiError forbidden(String message) {
        return new ApiError(403, "invalid_request_error", null, null, message, Map.of());
    }

    static ApiError unknownPath(String method, String path) {
        return new ApiError(
                404,
                "invalid_request_error",
                "unknown_url",
                null,
                "Unknown request URL: " + method + " " + path + ".",
                Map.of());
    }

    static ApiError unknownModel() {
        return new ApiError(
                404,
                "invalid_request_error",
                "model_not_found",
                "model",
                "The requested model does not exist or you do not have access to it.",
                Map.of());
    }

    static ApiError unknownResponse(String id) {
        return new ApiError(
                404,
                "invalid_request_error",
                null,
                null,
                "Response with id '" + id + "' not found.",
                Map.of());
    }

    static ApiError methodNotAllowed(String method, String path) {
        return methodNotAllowed(method, path, "POST");
    }

    static ApiError methodNotAllowed(String method, String path, String allowed) {
        return new ApiError(
                405,
                "invalid_request_error",
                "method_not_supported",
                null,
                "Not allowed to " + method + " on " + path + ".",
                Map.of("allow", allowed));
    }

    static ApiError unreadable(HttpProtocolException e) {
        return new ApiError(
                e.statusCode(),
                "invalid_request_error",
                null,
                null,
                String.valueOf(e.getMessage()),
                Map.of());
    }

    static ApiError tooManyConnections(int connectionsMax) {
        return new ApiError(
                503,
                "server_error",
                "overloaded",
                null,
                "The simulator takes at most " + connectionsMax + " connections at a time.",
                Map.of("retry-after", "1"));
    }

    /** The answer of a status fault, worded as OpenAI words it. */
    static ApiError fault(int statusCode, Map<String, String> headers) {
        return switch (statusCode) {
            case 401 -> noKey("Incorrect API key provided.", headers);
            case 429 ->
                    new ApiError(
                            429,
                            "requests",
                            "rate_limit_exceeded",
                            null,
                            "Rate limit reached for requests. Please try again later.",
                            headers);
            default ->
                    new ApiError(
                            statusCode,
                            statusCode < 500 ? "invalid_request_error" : "server_error",
                            null,
                            null,
                            "The server had an error while processing your request.",
                            headers);
        };
    }
}
