package io.tidemark.ingest.internal.output;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.StreamEvent;

import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What each thing that a provider sends gives, by a table beside the test: a JSON file of rows,
 * each with the frames before ({@code given}), the frame itself, or {@code "end"} for the end of
 * the bytes, and the events that come of it ({@code gives}), without their envelope.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MappingContract {
    private static final List<String> ENVELOPE =
            List.of("schemaVersion", "requestId", "sequence", "at");
    private static final String END = "end";

    private final ProviderApi api;
    private final JsonNode table;

    /**
     * @param file name of the table
     */
    protected MappingContract(ProviderApi api, String file) {
        this.api = api;
        this.table = read(getClass(), file);
    }

    /** One row. */
    public record Row(
            String name, ObjectNode request, JsonNode given, JsonNode frame, JsonNode gives) {
        /* The bytes that a provider would send: the frames before, and the frame. */
        private byte[] stream() {
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

    /** All rows of the table. */
    protected final Stream<Row> rows() {
        return rows(table);
    }

    private static Stream<Row> rows(JsonNode table) {
        return elements(table.path("rows")).map(MappingContract::row);
    }

    /** The rows of a table that lies beside the test. */
    static Stream<Row> rows(Class<?> test, String file) {
        return rows(read(test, file));
    }

    /** Each row of a table, as the stream that it tells of. */
    public static Stream<byte[]> streams(Class<?> test, String file) {
        return rows(test, file).map(Row::stream);
    }

    /** The table's own field of that name. */
    protected final JsonNode table(String field) {
        return table.path(field);
    }

    /** The texts that the frames of the rows have in that place, a JSON pointer. */
    protected final Set<String> covered(String place) {
        return rows().map(row -> row.frame().at(place).asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    protected static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesExactlyWhatTheTableSays(Row row) {
        var pump = new Pump(api, row.request());
        row.given().forEach(before -> pump.frame(before.toString()));
        int before = pump.drafts().size();

        if (END.equals(row.frame().textValue())) {
            pump.end();
        } else {
            pump.frame(row.frame().toString());
        }

        var drafts = pump.drafts();
        assertThat(json(drafts.subList(before, drafts.size())))
                .containsExactlyElementsOf(row.gives());
    }

    private static JsonNode read(Class<?> test, String file) {
        try (var stream = test.getResourceAsStream(file)) {
            var bytes = requireNonNull(stream, file).readAllBytes();
            return ProviderJson.value(new String(bytes, StandardCharsets.UTF_8)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(JsonNode row) {
        var type = row.path("frame").path("type").asText();
        var about = row.path("about").asText();
        return new Row(
                Stream.of(type, about)
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.joining(": ")),
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
