package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import java.util.HashSet;
import java.util.Set;

/**
 * Which tools a response may call, as far as it matters for who runs a call: xAI searches X by
 * itself, but has the search look like a call of a custom tool that nobody declared. Confined to
 * one thread.
 */
final class DeclaredTools {
    /** Most names of custom tools kept; no provider takes that many. */
    static final int CUSTOM_TOOLS_MAX = 4096;

    private final Set<String> custom = new HashSet<>();
    private boolean searchesX;

    /** Takes over a {@code tools} of the request, or of the response that echoes it. */
    void learn(JsonNode tools) {
        for (var tool : tools) {
            var name = ProviderJson.word(tool, "name");
            switch (tool.path("type").asText()) {
                case "x_search" -> searchesX = true;
                case "custom" -> {
                    if (name != null && custom.size() < CUSTOM_TOOLS_MAX) {
                        custom.add(name);
                    }
                }
                case "namespace" -> learn(tool.path("tools"));
                default -> {}
            }
        }
    }

    /** Whether what looks like a call of this custom tool is run by the provider. */
    boolean hosted(ItemState item) {
        return item.type() == ItemType.CUSTOM_TOOL_CALL
                && searchesX
                && !custom.contains(item.name());
    }
}
