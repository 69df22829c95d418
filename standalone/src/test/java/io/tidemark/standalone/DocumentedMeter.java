package io.tidemark.standalone;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A meter as {@code docs/operations.md} tells of it.
 *
 * @param name such as {@code tidemark.edge.readers}
 * @param type {@code counter}, {@code gauge}, {@code timer} or {@code summary}
 * @param tags names of its tags
 */
record DocumentedMeter(String name, String type, List<String> tags) {
    static List<DocumentedMeter> all() throws IOException {
        var document = OperationsDocument.read();
        return Stream.of("Meters of workers", "Meters of projectors", "Meters of edges")
                .flatMap(heading -> document.rows(heading).stream())
                .map(row ->
                        new DocumentedMeter(
                                OperationsDocument.code(row.get(0)).getFirst(),
                                row.get(1).split(" ", 2)[0],
                                OperationsDocument.code(row.get(1))))
                .toList();
    }

    /** The names of its samples in Prometheus' text format. */
    List<String> samples() {
        var base = name.replace('.', '_');
        return switch (type) {
            case "counter" -> List.of(base + "_total");
            case "gauge" -> List.of(base);
            case "summary" -> List.of(base + "_count", base + "_sum", base + "_max");
            case "timer" ->
                    List.of(
                            base + "_seconds_count",
                            base + "_seconds_sum",
                            base + "_seconds_max",
                            base + "_seconds_bucket");
            default -> throw new IllegalStateException(name + " is a " + type);
        };
    }
}
