package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.StreamEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every field of a chunk that has a meaning, with exactly what it gives. The rows are in {@code
 * chat-mapping.json}: the frames before ({@code given}), the frame itself, and the events that come
 * of it ({@code gives}), without their envelope.
 */
class ChatMappingTest {
    private static final List<String> ENVELOPE =
            List.of("schemaVersion", "requestId", "sequence", "at");

    /** One row of the table. */
    record Row(String about, ObjectNode request, JsonNode given, JsonNode frame, JsonNode gives) {
        @Override
        public String toString() {
            return about;
        }
    }

    static Stream<Row> rows() {
        return StreamSupport.stream(table().path("rows").spliterator(), false)
                .map(ChatMappingTest::row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        var pump = new Pump(new ChatApi(), row.request());
        row.given().forEach(frame -> pump.frame(frame.toString()));

        var drafts = pump.frame(row.frame().toString());

        assertThat(json(drafts)).containsExactlyElementsOf(row.gives());
    }

    @Test
    void everyFieldThatIsReadHasARow() {
        var covered = new TreeSet<String>();
        rows().flatMap(row ->
                        StreamSupport.stream(row.frame().path("choices").spliterator(), false))
                .map(choice -> choice.path("delta"))
                .forEach(delta -> delta.fieldNames().forEachRemaining(covered::add));

        assertThat(covered).containsAll(DeltaReader.fieldNames());
        System.out.println("chat mapping: " + rows().count() + " rows");
    }

    private static Row row(JsonNode row) {
        return new Row(
                row.path("about").asText(),
                row.path("request") instanceof ObjectNode request
                        ? request
                        : ProviderJson.newObject(),
                row.path("given"),
                row.path("frame"),
                row.path("gives"));
    }

    private static List<JsonNode> json(List<Draft> drafts) {
        var events = new ArrayList<JsonNode>();
        for (var draft : drafts) {
            var event = new StreamEvent(Pump.ID, 1, Pump.AT, draft.placement(), draft.body());
            var json = new String(EventCodec.encode(event), StandardCharsets.UTF_8);
            events.add(ProviderJson.object(json).orElseThrow().without(ENVELOPE));
        }
        return events;
    }

    private static JsonNode table() {
        try (var table = ChatMappingTest.class.getResourceAsStream("chat-mapping.json")) {
            var json = Objects.requireNonNull(table, "chat-mapping.json").readAllBytes();
            return ProviderJson.value(new String(json, StandardCharsets.UTF_8)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
