package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.output.MappingTable;
import io.tidemark.ingest.internal.output.MappingTable.Row;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Every part of a chunk, with exactly what it gives. */
class GenerateMappingTest {
    static Stream<Row> rows() {
        return MappingTable.rows(GenerateMappingTest.class, "generate-mapping.json");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        assertThat(row.given(new GenerateApi())).containsExactlyElementsOf(row.gives());
    }
}
