package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.StreamEvent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A table of what each thing that a provider sends gives: a JSON file of rows, each with the frames
 * before ({@code given}), the frame itself, or {@code "end"} for the end of the bytes, and the
 * events that come of it ({@code gives}), without their envelope.
 */
public final class MappingTable {
    private static final List<String> ENVELOPE =
            List.of("schemaVersion", "requestId", "sequence", "at");
    private static final String END = "end";

    private MappingTable() {}

    /** One row. */
    public record Row(
            String name, ObjectNode request, JsonNode given, JsonNode frame, JsonNode gives) {
        /** What really comes of it. */
        public List<JsonNode> given(ProviderApi api) {
            var pump = new Pump(api, request);
            given.forEach(before -> pump.frame(before.toString()));
            int before = pump.drafts().size();
            if (END.equals(frame.textValue())) {
                pump.end();
            } else {
                pump.frame(frame.toString());
            }
            return json(pump.drafts().subList(before, pump.drafts().size()));
        }

        /** The bytes that a provider would send: the frames before, and the frame. */
        public byte[] stream() {
            var stream = new StringBuilder();
            given.forEach(before -> append(stream, before));
            if (!END.equals(frame.textValue())) {
                append(stream, frame);
            }
            return stream.toString().getBytes(StandardCharsets.UTF_8);
        }

        private static void append(StringBuilder stream, JsonNode frame) {
            stream.append("data: ").append(frame).append("\n\n");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The rows of a file that lies beside the test. */
    public static Stream<Row> rows(Class<?> test, String file) {
        try (var table = test.getResourceAsStream(file)) {
            var bytes = requireNonNull(table, file).readAllBytes();
            var json = ProviderJson.value(new String(bytes, StandardCharsets.UTF_8)).orElseThrow();
            return StreamSupport.stream(json.path("rows").spliterator(), false)
                    .map(MappingTable::row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
}
