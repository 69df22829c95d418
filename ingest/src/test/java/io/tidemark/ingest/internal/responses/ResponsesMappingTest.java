package io.tidemark.ingest.internal.responses;

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
 * Every type of event of the Responses API, with exactly what it gives. The rows are in {@code
 * responses-mapping.json}: the frames before ({@code given}), the frame itself, and the events that
 * come of it ({@code gives}), without their envelope.
 */
class ResponsesMappingTest {
    private static final List<String> ENVELOPE =
            List.of("schemaVersion", "requestId", "sequence", "at");

    /** One row of the table. */
    record Row(
            String name,
            String event,
            ObjectNode request,
            JsonNode given,
            JsonNode frame,
            JsonNode gives) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return StreamSupport.stream(table().path("rows").spliterator(), false)
                .map(ResponsesMappingTest::row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        var pump = new Pump(new ResponsesApi(), row.request());
        row.given().forEach(frame -> pump.frame(frame.toString()));

        var drafts = pump.frame(row.frame().toString());

        assertThat(json(drafts)).containsExactlyElementsOf(row.gives());
    }

    @Test
    void everyTypeOfTheTableHasARow() {
        var types = new TreeSet<String>();
        table().path("types").forEach(type -> types.add(type.asText()));
        var covered = new TreeSet<String>();
        rows().forEach(row -> covered.add(row.event()));

        assertThat(covered).containsAll(types);
        System.out.println(
                "responses mapping: " + types.size() + " types, " + rows().count() + " rows");
    }

    @Test
    void everyTypeThatIsHandledHasARow() {
        var covered = new TreeSet<String>();
        rows().forEach(row -> covered.add(row.event()));

        assertThat(covered).containsAll(FrameTable.types());
    }

    private static Row row(JsonNode row) {
        var event = row.path("frame").path("type").asText();
        var about = row.path("about").asText();
        return new Row(
                about.isEmpty() ? event : event + ": " + about,
                event,
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
        try (var table = ResponsesMappingTest.class.getResourceAsStream("responses-mapping.json")) {
            var json = Objects.requireNonNull(table, "responses-mapping.json").readAllBytes();
            return ProviderJson.value(new String(json, StandardCharsets.UTF_8)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
