package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Writes the sources of texts: which have a meaning here, and how the provider's become ours. */
final class Citations {
    private static final int ONLY_PART = 0;

    private static final Set<String> KINDS =
            Set.of(
                    "char_location",
                    "page_location",
                    "content_block_location",
                    "web_search_result_location",
                    "search_result_location");

    private Citations() {}

    /** The provider's names of those that have a meaning here. */
    static Set<String> kinds() {
        return KINDS;
    }

    /**
     * Sends a source; one may be named as often as the text relies on it.
     *
     * @return whether it is of a kind that has a meaning here
     */
    static boolean send(OutputWriter writer, Block block, JsonNode source) {
        var citation = of(source);
        if (citation != null) {
            var index = block.citations().announced(ONLY_PART, null, source);
            if (index != null) {
                writer.cite(block, ONLY_PART, index, citation);
            }
        }
        return citation != null;
    }

    /* Their indexes are places in the source and not, as ours are, in the text. */
    private static @Nullable Citation of(JsonNode source) {
        var kind = ProviderJson.word(source, "type");
        if (kind == null || !KINDS.contains(kind)) {
            return null;
        }
        return new Citation(
                kind,
                first(source, "url", "source"),
                first(source, "title", "document_title"),
                ProviderJson.word(source, "file_id"),
                null,
                null,
                null,
                ProviderJson.word(source, "cited_text"),
                source);
    }

    private static @Nullable String first(JsonNode source, String field, String otherwise) {
        var word = ProviderJson.word(source, field);
        return word == null ? ProviderJson.word(source, otherwise) : word;
    }
}
