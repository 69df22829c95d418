package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The MCP servers that a request declares, whose tools the provider runs itself: they are called as
 * functions named after the server and the tool. Immutable.
 */
final class McpServers {
    private final List<String> names;

    /**
     * @param tools the request's {@code tools}
     */
    McpServers(JsonNode tools) {
        var declared = new ArrayList<String>();
        for (var tool : tools) {
            for (var server : tool.path("mcpServers")) {
                var name = ProviderJson.word(server, "name");
                if (name != null) {
                    declared.add(name);
                }
            }
        }
        this.names = List.copyOf(declared);
    }

    /** The server that runs the function; absent if none does. */
    @Nullable String of(String function) {
        return names.stream()
                .filter(name -> function.startsWith(name + "_"))
                .reduce((one, other) -> one.length() >= other.length() ? one : other)
                .orElse(null);
    }
}
