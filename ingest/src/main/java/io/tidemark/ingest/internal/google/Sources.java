package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sources that a candidate states beside its parts: pages and files it is grounded in, once for
 * each passage they support; what it recites; pages it was given to read. Each is sent once,
 * however often it is stated.
 */
final class Sources {
    private static final String URL_CITATION = "url_citation";
    private static final String FILE_CITATION = "file_citation";
    private static final String URL_CONTEXT = "url_context";

    /* What the provider says of a page that it could read; its number is that of the protocol
     * buffer. */
    private static final Set<String> RETRIEVED = Set.of("URL_RETRIEVAL_STATUS_SUCCESS", "1");

    private final Candidate candidate;

    Sources(Candidate candidate) {
        this.candidate = candidate;
    }

    void read(JsonNode json) {
        var recited = json.path("citationMetadata");
        recited.path("citationSources").forEach(this::recited); // the Gemini API's name
        recited.path("citations").forEach(this::recited); // Vertex AI's
        grounded(json.path("groundingMetadata"));
        json.path("urlContextMetadata").path("urlMetadata").forEach(this::given);
    }

    private void recited(JsonNode source) {
        if (!source.isObject()) {
            return;
        }
        candidate.cite(
                source,
                new Citation(
                        URL_CITATION,
                        ProviderJson.word(source, "uri"),
                        ProviderJson.word(source, "title"),
                        null,
                        null,
                        start(source),
                        ProviderJson.count(source, "endIndex"),
                        null,
                        more(source, source, Set.of("uri", "title", "startIndex", "endIndex"))));
    }

    private void grounded(JsonNode metadata) {
        var passages = passages(metadata.path("groundingSupports"));
        int place = 0;
        for (var chunk : metadata.path("groundingChunks")) {
            for (var passage : passages.getOrDefault(place, List.of(MissingNode.getInstance()))) {
                grounded(chunk, passage);
            }
            place++;
        }
    }

    /* Which passages of the answer each source supports, by its place among the sources. */
    private static Map<Integer, List<JsonNode>> passages(JsonNode supports) {
        var passages = new HashMap<Integer, List<JsonNode>>();
        for (var support : supports) {
            for (var index : support.path("groundingChunkIndices")) {
                if (index.isIntegralNumber() && index.canConvertToInt()) {
                    passages.computeIfAbsent(index.intValue(), _ -> new ArrayList<>())
                            .add(support.path("segment"));
                }
            }
        }
        return passages;
    }

    private void grounded(JsonNode chunk, JsonNode passage) {
        var citation = citation(chunk, passage);
        if (citation != null) {
            candidate.cite(identity(chunk, passage), citation);
        } else if (candidate.isNew(chunk)) {
            candidate.variant("groundingChunk");
        }
    }

    private static ObjectNode identity(JsonNode chunk, JsonNode passage) {
        var identity = ProviderJson.newObject();
        identity.set("chunk", chunk);
        if (!passage.isMissingNode()) {
            identity.set("segment", passage);
        }
        return identity;
    }

    /* A source of a kind that has no meaning here gives nothing. */
    private static @Nullable Citation citation(JsonNode chunk, JsonNode passage) {
        if (chunk.path("web").isObject()) {
            return page(chunk, chunk.path("web"), "uri", passage);
        }
        if (chunk.path("maps").isObject()) {
            return page(chunk, chunk.path("maps"), "uri", passage);
        }
        if (chunk.path("image").isObject()) {
            return page(chunk, chunk.path("image"), "sourceUri", passage);
        }
        return chunk.path("retrievedContext").isObject()
                ? file(chunk, chunk.path("retrievedContext"), passage)
                : null;
    }

    private static Citation page(JsonNode chunk, JsonNode page, String uri, JsonNode passage) {
        return new Citation(
                URL_CITATION,
                ProviderJson.word(page, uri),
                ProviderJson.word(page, "title"),
                null,
                null,
                start(passage),
                ProviderJson.count(passage, "endIndex"),
                ProviderJson.word(page, "text"),
                more(chunk, page, Set.of(uri, "title")));
    }

    private static Citation file(JsonNode chunk, JsonNode file, JsonNode passage) {
        return new Citation(
                FILE_CITATION,
                ProviderJson.word(file, "uri"),
                ProviderJson.word(file, "title"),
                ProviderJson.word(file, "documentName"),
                null,
                start(passage),
                ProviderJson.count(passage, "endIndex"),
                ProviderJson.word(file, "text"),
                more(chunk, file, Set.of("uri", "title", "documentName", "text")));
    }

    private void given(JsonNode page) {
        var status = Words.of(page, "urlRetrievalStatus");
        if (status != null && RETRIEVED.contains(status)) {
            candidate.cite(
                    page,
                    new Citation(
                            URL_CONTEXT,
                            ProviderJson.word(page, "retrievedUrl"),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
        } else if (candidate.isNew(page)) {
            candidate.variant("urlMetadata");
        }
    }

    /* A protocol buffer in JSON leaves out a number that is 0. */
    private static @Nullable Long start(JsonNode passage) {
        var start = ProviderJson.count(passage, "startIndex");
        return start == null && passage.has("endIndex") ? Long.valueOf(0) : start;
    }

    /* The provider's object, where it says more than we have fields for. */
    private static @Nullable JsonNode more(JsonNode whole, JsonNode source, Set<String> known) {
        boolean more =
                source.properties().stream().anyMatch(field -> !known.contains(field.getKey()));
        return more ? whole : null;
    }
}
