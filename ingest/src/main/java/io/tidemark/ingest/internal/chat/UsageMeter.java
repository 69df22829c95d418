package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/**
 * The usage reported so far: figures are cumulative, so the last word counts. Confined to one
 * thread.
 */
final class UsageMeter {
    private @Nullable ObjectNode latest;
    private boolean lastWord;

    /**
     * Takes over what a chunk reports, wherever in it that stands.
     *
     * @param finished whether all choices have ended with this chunk
     * @return whether it reports any
     */
    boolean learn(ObjectNode chunk, boolean finished) {
        var stated = stated(chunk);
        if (stated == null) {
            return false;
        }
        /* Some servers close with zeroes. */
        if (latest == null || ChatUsage.counts(stated)) {
            latest = stated;
        }
        lastWord = finished;
        return true;
    }

    /** Whether it was reported when all choices had ended. */
    boolean lastWord() {
        return lastWord;
    }

    /** What is known; absent if nothing is. */
    @Nullable Usage usage() {
        return ChatUsage.of(latest);
    }

    private static @Nullable ObjectNode stated(ObjectNode chunk) {
        var usage = filled(chunk.path("usage"));
        if (usage == null) {
            usage = filled(chunk.path("x_groq").path("usage"));
        }
        for (var choice : chunk.path("choices")) {
            usage = usage == null ? filled(choice.path("usage")) : usage;
        }
        return usage;
    }

    private static @Nullable ObjectNode filled(JsonNode usage) {
        return usage instanceof ObjectNode object && !object.isEmpty() ? object : null;
    }
}
