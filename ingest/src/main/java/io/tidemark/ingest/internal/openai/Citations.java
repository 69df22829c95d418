package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/** The sources of one item's parts: which were sent, and how the provider's become ours. */
final class Citations {
    /** Most sources of one item. */
    static final int CITATIONS_MAX = 10_000;

    private static final Set<String> KINDS =
            Set.of("url_citation", "file_citation", "container_file_citation", "file_path");

    private final Set<Position> sent = new HashSet<>();

    private record Position(int contentIndex, int annotationIndex) {}

    /** Whether the source at this position is the first one there. */
    boolean first(int contentIndex, int annotationIndex) {
        ProtocolViolation.requireRoom("citations in one item", sent.size(), CITATIONS_MAX);
        return sent.add(new Position(contentIndex, annotationIndex));
    }

    /** How many sources the part has so far. */
    int count(int contentIndex) {
        return (int) sent.stream().filter(at -> at.contentIndex() == contentIndex).count();
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
