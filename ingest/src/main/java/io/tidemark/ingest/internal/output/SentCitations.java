package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.LaneDigest;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Unicode;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Which sources of one item's parts, or of one answer, were sent, and under which index. Confined
 * to one thread.
 */
public final class SentCitations {
    /** Most sources kept. */
    public static final int CITATIONS_MAX = 10_000;

    /* The hash of each source sent, by part and by the index it was sent under. */
    private final Map<Integer, Map<Integer, String>> sent = new HashMap<>();
    private int count;

    public SentCitations() {}

    /**
     * The index to send a source under that was announced by itself: the next free one if it has
     * none, or one at which another source was sent, as servers do that do not count. Absent if it
     * was sent.
     *
     * @param source what identifies it: the same JSON is the same source
     */
    public @Nullable Integer announced(
            int contentIndex, @Nullable Integer annotationIndex, JsonNode source) {
        var part = part(contentIndex);
        var hash = hash(source);
        if (annotationIndex != null && part.containsKey(annotationIndex)) {
            return part.containsValue(hash) ? null : put(part, free(part), hash);
        }
        return put(part, annotationIndex == null ? free(part) : annotationIndex, hash);
    }

    /** The index to send a source under that a part states in this place; absent if it was sent. */
    public @Nullable Integer stated(int contentIndex, int annotationIndex, JsonNode source) {
        var part = part(contentIndex);
        return part.containsKey(annotationIndex) ? null : put(part, annotationIndex, hash(source));
    }

    /** The next free index for a source that may be repeated; absent if it was sent. */
    public @Nullable Integer once(int contentIndex, JsonNode source) {
        var part = part(contentIndex);
        var hash = hash(source);
        return part.containsValue(hash) ? null : put(part, free(part), hash);
    }

    private Map<Integer, String> part(int contentIndex) {
        return sent.computeIfAbsent(contentIndex, _ -> new HashMap<>());
    }

    private int put(Map<Integer, String> part, int index, String hash) {
        ProtocolViolation.requireRoom("citations in one item", count++, CITATIONS_MAX);
        part.put(index, hash);
        return index;
    }

    private static int free(Map<Integer, String> part) {
        int index = part.size();
        while (part.containsKey(index)) {
            index++;
        }
        return index;
    }

    private static String hash(JsonNode source) {
        var digest = new LaneDigest();
        digest.add(Unicode.wellFormed(ProviderJson.text(source)));
        return digest.sha256();
    }
}
