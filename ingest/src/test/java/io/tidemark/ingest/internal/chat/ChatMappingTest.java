package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.output.MappingContract;

import org.junit.jupiter.api.Test;

import java.util.TreeSet;

/** Every field of a chunk that has a meaning, with exactly what it gives. */
class ChatMappingTest extends MappingContract {
    ChatMappingTest() {
        super(new ChatApi(), "chat-mapping.json");
    }

    @Test
    void everyFieldThatIsReadHasARow() {
        var covered = new TreeSet<String>();
        rows().flatMap(row -> elements(row.frame().path("choices")))
                .map(choice -> choice.path("delta"))
                .forEach(delta -> delta.fieldNames().forEachRemaining(covered::add));

        assertThat(covered).containsAll(DeltaReader.fieldNames());
    }
}
