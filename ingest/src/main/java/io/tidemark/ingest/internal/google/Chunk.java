package io.tidemark.ingest.internal.google;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is being read.
 *
 * @param chars its length
 */
record Chunk(ObjectNode json, int chars) {
    Chunk {
        requireNonNull(json, "json");
    }

    @Override
    public String toString() {
        return "Chunk[chars=" + chars + "]";
    }
}
