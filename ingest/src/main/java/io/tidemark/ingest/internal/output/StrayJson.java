package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;

import java.util.Optional;

/**
 * JSON that a provider put among the lines of an event stream without making it an event, as some
 * do with the error that ends it. Printed for the eye it takes several lines, of which the first
 * opens it and one that closes it is not indented. Confined to one thread.
 */
final class StrayJson {
    /** Most characters of it. */
    static final int CHARS_MAX = 64 * 1024;

    /** Most lines of it. */
    static final int LINES_MAX = 256;

    private final StringBuilder text = new StringBuilder();
    private int lines;

    /** The error of which this is the last line; absent while there is none. */
    Optional<JsonNode> error(String line) {
        if (lines == 0 && !line.startsWith("{") && !line.startsWith("[")) {
            return Optional.empty();
        }
        if (lines >= LINES_MAX || line.length() > CHARS_MAX - text.length()) {
            forget();
            return Optional.empty();
        }
        text.append(line).append('\n');
        lines++;
        boolean mayEnd = line.startsWith("}") || line.startsWith("]");
        var json = mayEnd ? ProviderJson.value(text.toString()) : Optional.<JsonNode>empty();
        if (json.isPresent()) {
            forget();
        }
        return json.filter(StrayJson::isError);
    }

    /** An event came: what was begun before it does not go on. */
    void forget() {
        text.setLength(0);
        lines = 0;
    }

    private static boolean isError(JsonNode json) {
        return (json instanceof ArrayNode array ? array.path(0) : json).hasNonNull("error");
    }
}
