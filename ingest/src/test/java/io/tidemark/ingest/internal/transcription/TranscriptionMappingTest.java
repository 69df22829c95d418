package io.tidemark.ingest.internal.transcription;

import io.tidemark.ingest.internal.output.MappingContract;

/** Every event of a transcription, with exactly what it gives. */
class TranscriptionMappingTest extends MappingContract {
    TranscriptionMappingTest() {
        super(new TranscriptionApi(), "transcription-mapping.json");
    }
}
