package io.tidemark.ingest.internal.transcription;

import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;

import io.tidemark.ingest.internal.output.MappedNames;
import io.tidemark.ingest.internal.vendor.VendorDrift;
import io.tidemark.ingest.internal.vendor.VendorUnion;

import java.util.List;

/** The table of transcriptions knows the events that openai-java knows. */
class TranscriptionDriftTest extends VendorDrift {
    @Override
    protected List<Table> tables() {
        return List.of(
                new Table(
                        "transcription events",
                        VendorUnion.types(TranscriptionStreamEvent.class),
                        MappedNames.in(getClass(), "transcription-mapping.json").words("type")));
    }
}
