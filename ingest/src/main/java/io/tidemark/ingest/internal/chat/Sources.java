package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.DeltaBody.Citation;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Writes the sources of messages: annotations of a delta, or lists of what was searched beside the
 * choices, which some servers repeat with every chunk. Confined to one thread.
 */
final class Sources {
    private static final String URL_CITATION = "url_citation";

    /* The one that says more of the same sources comes first. */
    private static final List<String> LISTS = List.of("search_results", "web_search", "citations");

    /* What a citation of ours has room for. */
    private static final List<String> FIELDS =
            List.of(
                    "type",
                    "url",
                    "link",
                    "title",
                    "file_id",
                    "filename",
                    "name",
                    "start_index",
                    "end_index");

    private final LiveChat chat;

    Sources(LiveChat chat) {
        this.chat = chat;
    }

    /**
     * Sends an annotation, unless it was sent.
     *
     * @return whether it is of a kind that has a meaning here
     */
    boolean add(Choice choice, JsonNode annotation) {
        var kind = ProviderJson.word(annotation, "type");
        var nested = kind == null ? annotation : annotation.path(kind);
        var source = nested.isObject() ? nested : annotation;
        var citation = citation(kind == null ? URL_CITATION : kind, source);
        if (citation == null) {
            return false;
        }
        cite(choice, annotation, citation);
        return true;
    }

    /** Sends the sources that a chunk lists for the answer as a whole, each link once. */
    void read(JsonNode chunk) {
        for (var list : LISTS) {
            for (var source : chunk.path(list)) {
                var citation = source.isTextual() ? link(source) : citation(URL_CITATION, source);
                if (citation != null && citation.url() != null) {
                    cite(chat.firstChoice(), TextNode.valueOf(citation.url()), citation);
                }
            }
        }
    }

    private void cite(Choice choice, JsonNode identity, Citation citation) {
        var message = choice.message(null).item();
        var index = message.citations().once(Message.PART, identity);
        if (index != null) {
            chat.writer().cite(message, Message.PART, index, citation);
        }
    }

    private static @Nullable Citation link(JsonNode url) {
        return url.textValue().isEmpty()
                ? null
                : new Citation(
                        URL_CITATION, url.textValue(), null, null, null, null, null, null, null);
    }

    /* The source in our words; absent for what names neither a link nor a file. */
    private static @Nullable Citation citation(String kind, JsonNode source) {
        var url = either(source, "url", "link");
        var fileId = ProviderJson.word(source, "file_id");
        var filename = either(source, "filename", "name");
        if (url == null && fileId == null && filename == null) {
            return null;
        }
        return new Citation(
                kind,
                url,
                ProviderJson.word(source, "title"),
                fileId,
                filename,
                ProviderJson.count(source, "start_index"),
                ProviderJson.count(source, "end_index"),
                null,
                saysMore(source) ? source : null);
    }

    private static @Nullable String either(JsonNode source, String field, String other) {
        var word = ProviderJson.word(source, field);
        return word == null ? ProviderJson.word(source, other) : word;
    }

    private static boolean saysMore(JsonNode source) {
        return source.properties().stream()
                .filter(field -> !FIELDS.contains(field.getKey()))
                .anyMatch(field -> !ChatFrame.saysNothing(field.getValue()));
    }
}
