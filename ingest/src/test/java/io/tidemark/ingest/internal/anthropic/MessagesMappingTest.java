package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every type of event, block, delta, source and stop reason of the Messages API, with exactly what
 * it gives. The rows are in {@code messages-mapping.json}: the frames before ({@code given}), the
 * frame itself, and the events that come of it ({@code gives}), without their envelope.
 */
class MessagesMappingTest {
    private static final List<String> ENVELOPE =
            List.of("schemaVersion", "requestId", "sequence", "at");

    /** One row of the table. */
    record Row(String name, JsonNode given, JsonNode frame, JsonNode gives) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return StreamSupport.stream(table().path("rows").spliterator(), false)
                .map(MessagesMappingTest::row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        var pump = new Pump(new MessagesApi());
        row.given().forEach(frame -> pump.frame(frame.toString()));

        var drafts = pump.frame(row.frame().toString());

        assertThat(json(drafts)).containsExactlyElementsOf(row.gives());
    }

    @Test
    void everyTypeOfEventHasARow() {
        assertThat(covered("/type")).containsAll(FrameTable.types());
        System.out.println("messages mapping: " + rows().count() + " rows");
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
                rows().flatMap(row -> StreamSupport.stream(row.given().spliterator(), false))
                        .map(frame -> frame.at("/delta/stop_reason").asText())
                        .collect(Collectors.toSet());

        assertThat(reasons).containsAll(StopReason.names());
    }

    private static Set<String> covered(String field) {
        return rows().map(row -> row.frame().at(field).asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Row row(JsonNode row) {
        var event = row.path("frame").path("type").asText();
        var about = row.path("about").asText();
        return new Row(
                about.isEmpty() ? event : event + ": " + about,
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
        try (var table = MessagesMappingTest.class.getResourceAsStream("messages-mapping.json")) {
            var json = Objects.requireNonNull(table, "messages-mapping.json").readAllBytes();
            return ProviderJson.value(new String(json, StandardCharsets.UTF_8)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
