package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.output.MappingContract;

import org.junit.jupiter.api.Test;

/** Every type of event of the Responses API, with exactly what it gives. */
class ResponsesMappingTest extends MappingContract {
    ResponsesMappingTest() {
        super(new ResponsesApi(), "responses-mapping.json");
    }

    @Test
    void everyTypeOfTheTableHasARow() {
        assertThat(covered("/type"))
                .containsAll(elements(table("types")).map(JsonNode::asText).toList());
    }

    @Test
    void everyTypeThatIsHandledHasARow() {
        assertThat(covered("/type")).containsAll(FrameTable.types());
    }
}
