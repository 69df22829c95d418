package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/**
 * One event of a Responses stream as the provider sent it. Fields of an unexpected type read as
 * absent.
 *
 * @param type its type
 * @param json all of it
 * @param chars how long it was, in characters
 */
record ProviderFrame(String type, ObjectNode json, int chars) {
    /** The field's text; empty where it has none. */
    String text(String field) {
        var text = ProviderJson.string(json, field);
        return text == null ? "" : text;
    }

    @Nullable String string(String field) {
        return ProviderJson.string(json, field);
    }

    @Nullable String word(String field) {
        return ProviderJson.word(json, field);
    }

    @Nullable Integer index(String field) {
        return ProviderJson.index(json, field);
    }

    int indexOrZero(String field) {
        var index = index(field);
        return index == null ? 0 : index;
    }

    /** Id of the item that the event speaks of or states, by the provider's label. */
    @Nullable String itemId() {
        var id = word("item_id");
        return id == null ? ProviderJson.word(node("item"), "id") : id;
    }

    /** The field's value; a missing node where it has none. */
    JsonNode node(String field) {
        return json.path(field);
    }

    /** The field's elements; absent where there is none. */
    @Nullable ArrayNode elements(String field) {
        return json.path(field) instanceof ArrayNode array && !array.isEmpty() ? array : null;
    }

    @Nullable Long sequenceNumber() {
        return ProviderJson.count(json, "sequence_number");
    }

    /** Name of the agent that the event speaks of, where a provider runs several. */
    @Nullable String agent() {
        return ProviderJson.word(json.path("agent"), "agent_name");
    }

    /** Passes it on verbatim, because something in it has no meaning here. */
    void passOn(Unmapped unmapped, Placement placement) {
        unmapped.variant(placement, type, json, chars);
    }

    @Override
    public String toString() {
        return "ProviderFrame[type=" + type + ", chars=" + chars + "]";
    }
}
