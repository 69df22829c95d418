package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Writes the sources of parts: which have a meaning here, and how the provider's become ours. */
final class Citations {
    private static final Set<String> KINDS =
            Set.of("url_citation", "file_citation", "container_file_citation", "file_path");

    private Citations() {}

    /** The provider's names of those that have a meaning here. */
    static Set<String> kinds() {
        return KINDS;
    }

    /**
     * Sends a source that was announced by itself, unless it was sent.
     *
     * @return whether it is of a kind that has a meaning here
     */
    static boolean announced(
            OutputWriter writer,
            ItemState item,
            int contentIndex,
            @Nullable Integer annotationIndex,
            JsonNode source) {
        var citation = of(source);
        if (citation != null) {
            var index = item.citations().announced(contentIndex, annotationIndex, source);
            send(writer, item, contentIndex, index, citation);
        }
        return citation != null;
    }

    /**
     * Sends the sources that a part states, those that were not sent.
     *
     * @return whether all are of kinds that have a meaning here
     */
    static boolean stated(OutputWriter writer, ItemState item, int contentIndex, JsonNode sources) {
        boolean known = true;
        int place = 0;
        for (var source : sources) {
            var citation = of(source);
            if (citation == null) {
                known = false;
            } else {
                var index = item.citations().stated(contentIndex, place, source);
                send(writer, item, contentIndex, index, citation);
            }
            place++;
        }
        return known;
    }

    private static void send(
            OutputWriter writer,
            ItemState item,
            int contentIndex,
            @Nullable Integer index,
            Citation citation) {
        if (index != null) {
            writer.cite(item, contentIndex, index, citation);
        }
    }

    /** The source in our words; absent for a kind that has no meaning here. */
    private static @Nullable Citation of(JsonNode annotation) {
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
