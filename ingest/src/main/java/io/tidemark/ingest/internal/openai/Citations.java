package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.LaneDigest;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Unicode;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The sources of one item's parts: which were sent, and how the provider's become ours. */
final class Citations {
    /** Most sources of one item. */
    static final int CITATIONS_MAX = 10_000;

    private static final Set<String> KINDS =
            Set.of("url_citation", "file_citation", "container_file_citation", "file_path");

    /* The hash of each source sent, by part and by the index it was sent under. */
    private final Map<Integer, Map<Integer, String>> sent = new HashMap<>();
    private int count;

    /**
     * The index to send a source under that was announced by itself: the next free one if it has
     * none, or one at which another source was sent, as servers do that do not count. Absent if it
     * was sent.
     */
    @Nullable Integer announced(
            int contentIndex, @Nullable Integer annotationIndex, JsonNode source) {
        var part = part(contentIndex);
        var hash = hash(source);
        if (annotationIndex != null && part.containsKey(annotationIndex)) {
            return part.containsValue(hash) ? null : put(part, free(part), hash);
        }
        return put(part, annotationIndex == null ? free(part) : annotationIndex, hash);
    }

    /** The index to send a source under that a part states in this place; absent if it was sent. */
    @Nullable Integer stated(int contentIndex, int annotationIndex, JsonNode source) {
        var part = part(contentIndex);
        return part.containsKey(annotationIndex) ? null : put(part, annotationIndex, hash(source));
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

    /** The source in our words; absent for a kind that has no meaning here. */
    static @Nullable Citation of(JsonNode annotation) {
        var kind = ProviderJson.word(annotation, "type");
        if (kind == null || !KINDS.contains(kind)) {
            return null;
        }
        boolean more = annotation.has("container_id") || annotation.has("index");
        return new Citation(
                kind,
                ProviderJson.word(annotation, "url"),
                ProviderJson.word(annotation, "title"),
                ProviderJson.word(annotation, "file_id"),
                ProviderJson.word(annotation, "filename"),
                ProviderJson.count(annotation, "start_index"),
                ProviderJson.count(annotation, "end_index"),
                null,
                more ? annotation : null);
    }
}
