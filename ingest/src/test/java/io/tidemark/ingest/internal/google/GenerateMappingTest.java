package io.tidemark.ingest.internal.google;

import io.tidemark.ingest.internal.output.MappingContract;

/** Every part of a chunk, with exactly what it gives. */
class GenerateMappingTest extends MappingContract {
    GenerateMappingTest() {
        super(new GenerateApi(), "generate-mapping.json");
    }
}
