package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.output.MappingContract;

import org.junit.jupiter.api.Test;

/**
 * Every type of event, block, delta, source and stop reason of the Messages API, with exactly what
 * it gives.
 */
class MessagesMappingTest extends MappingContract {
    MessagesMappingTest() {
        super(new MessagesApi(), "messages-mapping.json");
    }

    @Test
    void everyTypeOfEventHasARow() {
        assertThat(covered("/type")).containsAll(FrameTable.types());
    }

    @Test
    void everyTypeOfBlockHasARow() {
        assertThat(covered("/content_block/type")).containsAll(BlockType.names());
    }

    @Test
    void everyTypeOfDeltaHasARow() {
        assertThat(covered("/delta/type")).containsAll(DeltaTable.types());
    }

    @Test
    void everyKindOfSourceHasARow() {
        assertThat(covered("/delta/citation/type")).containsAll(Citations.kinds());
    }

    @Test
    void everyReasonToStopHasARow() {
        var reasons =
                rows().flatMap(row -> elements(row.given()))
                        .map(frame -> frame.at("/delta/stop_reason").asText())
                        .toList();

        assertThat(reasons).containsAll(StopReason.names());
    }
}
