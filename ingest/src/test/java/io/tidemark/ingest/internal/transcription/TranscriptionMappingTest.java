package io.tidemark.ingest.internal.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.output.MappingTable;
import io.tidemark.ingest.internal.output.MappingTable.Row;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Every event of a transcription, with exactly what it gives. */
class TranscriptionMappingTest {
    static Stream<Row> rows() {
        return MappingTable.rows(TranscriptionMappingTest.class, "transcription-mapping.json");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        assertThat(row.given(new TranscriptionApi())).containsExactlyElementsOf(row.gives());
    }
}
