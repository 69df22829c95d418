package io.tidemark.export.internal;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.export.Column;
import io.tidemark.export.ColumnType;
import io.tidemark.export.ExportedRecord;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The columns of {@code tidemark.responses}: section 8.1 of {@code docs/protocol.md}. */
public final class ResponseColumns {
    private static final String BETWEEN_MESSAGES = "\n\n";

    private static final List<Column> OWN =
            List.of(
                    Columns.text("failure_code", "/failure/code", "why it failed"),
                    Columns.text(
                            "provider_response_id",
                            "/providerResponseId",
                            "what the provider calls it"),
                    Columns.column(
                            "text",
                            ColumnType.VARCHAR,
                            "what was said: the text of its messages, a blank line between two",
                            ResponseColumns::said),
                    Columns.column(
                            "tool_calls",
                            ColumnType.INTEGER,
                            "how many tools it called",
                            ResponseColumns::calls),
                    Columns.column(
                            "warnings",
                            ColumnType.VARCHAR,
                            "codes of its warnings, with commas between",
                            ResponseColumns::warnings),
                    Columns.whole("last_sequence", "/lastSequence", "of its last event"));

    /** All of them, in order. */
    public static final List<Column> ALL =
            Columns.table(
                    List.of(
                            Columns.BEGINNING,
                            Columns.RESULT,
                            OWN,
                            Columns.USAGE,
                            Columns.TIMINGS,
                            Columns.SOURCE,
                            Columns.END));

    private ResponseColumns() {}

    private static @Nullable Object said(ExportedRecord record) {
        var items = field(record, "items");
        if (items == null) {
            return null;
        }
        var text =
                StreamSupport.stream(items.spliterator(), false)
                        .filter(item -> "message".equals(item.path("kind").textValue()))
                        .map(ResponseColumns::textOf)
                        .filter(message -> !message.isEmpty())
                        .collect(Collectors.joining(BETWEEN_MESSAGES));
        return text.isEmpty() ? null : text;
    }

    private static String textOf(JsonNode item) {
        return StreamSupport.stream(item.path("content").spliterator(), false)
                .filter(part -> "text".equals(part.path("type").textValue()))
                .map(part -> part.path("text").asText(""))
                .collect(Collectors.joining());
    }

    private static @Nullable Object calls(ExportedRecord record) {
        var items = field(record, "items");
        return items == null
                ? null
                : (Object)
                        (int)
                                StreamSupport.stream(items.spliterator(), false)
                                        .filter(item -> item.path("call").isObject())
                                        .count();
    }

    private static @Nullable Object warnings(ExportedRecord record) {
        var warnings = field(record, "warnings");
        return warnings == null || warnings.isEmpty()
                ? null
                : StreamSupport.stream(warnings.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","));
    }

    private static @Nullable JsonNode field(ExportedRecord record, String name) {
        return record.json() == null ? null : record.json().get(name);
    }
}
