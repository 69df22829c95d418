package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/**
 * One event of a Messages stream as the provider sent it. Fields of an unexpected type read as
 * absent.
 *
 * @param type its type
 * @param json all of it
 * @param chars how long it was, in characters
 */
record MessageFrame(String type, ObjectNode json, int chars) {
    /** The field's value; a missing node where it has none. */
    JsonNode node(String field) {
        return json.path(field);
    }

    /** Number of the block that the event speaks of. */
    @Nullable Integer index() {
        return ProviderJson.index(json, "index");
    }

    /** Passes it on verbatim, because something in it has no meaning here. */
    void passOn(Unmapped unmapped, Placement placement) {
        unmapped.variant(placement, type, json, chars);
    }

    @Override
    public String toString() {
        return "MessageFrame[type=" + type + ", chars=" + chars + "]";
    }
}
