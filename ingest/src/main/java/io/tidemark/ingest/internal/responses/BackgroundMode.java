package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.Resumption;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Responses that were asked for with {@code background}: the provider keeps them and goes on with
 * them by itself. Stateless.
 */
final class BackgroundMode implements Resumption {
    private static final BackgroundMode INSTANCE = new BackgroundMode();

    /* Nothing that means something else in a path. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private BackgroundMode() {}

    /** Present if the request asks for it. */
    static Optional<Resumption> of(JsonNode request) {
        var background = request.path("background");
        return background.isBoolean() && background.booleanValue()
                ? Optional.of(INSTANCE)
                : Optional.empty();
    }

    @Override
    public boolean accepts(String responseId) {
        return ID.matcher(responseId).matches();
    }

    @Override
    public RequestPath reading(String responseId, OptionalLong after) {
        var place = after.isPresent() ? "&starting_after=" + after.getAsLong() : "";
        return RequestPath.of(path(responseId) + "?stream=true&include_obfuscation=false" + place);
    }

    @Override
    public RequestPath cancelling(String responseId) {
        return RequestPath.of(path(responseId) + "/cancel");
    }

    private String path(String responseId) {
        if (!accepts(responseId)) {
            throw new IllegalArgumentException("not an id that a path can hold");
        }
        return ResponsesApi.PATH + "/" + responseId;
    }
}
