package io.tidemark.export.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.export.Column;
import io.tidemark.export.ColumnType;
import io.tidemark.export.ExportedRecord;
import io.tidemark.schemas.EventHeaders;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The columns of {@code tidemark.events}: sections 3 and 5.3 of {@code docs/protocol.md}. */
public final class EventColumns {
    private static final List<Column> OWN =
            List.of(
                    Columns.whole("sequence", "/sequence", "its position in the stream, from 0"),
                    Columns.text("type", "/type", "what kind of event it is"),
                    Columns.time(
                            "normalised_at",
                            "/at",
                            "`at`: when a worker read it from the provider; not for order"),
                    Columns.column(
                            "tenant",
                            ColumnType.VARCHAR,
                            "whose stream it is, from the record's header",
                            EventColumns::tenant),
                    Columns.text("provider", "/provider", "name of the provider, where it is told"),
                    Columns.text("model", "/model", "the model, where it is told"),
                    Columns.number("choice_index", "/choiceIndex", "which choice; absent for 0"),
                    Columns.number("output_index", "/outputIndex", "which output item"),
                    Columns.number("content_index", "/contentIndex", "which part of the item"),
                    Columns.text("text", "/text", "the text of a delta"),
                    Columns.text("finish_reason", "/finishReason", "why the stream stopped"),
                    Columns.text("code", "/code", "of a failure or a warning"),
                    Columns.column(
                            "log_epoch",
                            ColumnType.BIGINT,
                            "epoch of the attempt that wrote it",
                            record ->
                                    record.attempt() == null
                                            ? null
                                            : (Object) record.attempt().epoch()),
                    Columns.column(
                            "log_attempt",
                            ColumnType.INTEGER,
                            "number of the attempt that wrote it",
                            record ->
                                    record.attempt() == null
                                            ? null
                                            : (Object) record.attempt().number()));

    /** All of them, in order. */
    public static final List<Column> ALL =
            Columns.table(List.of(Columns.BEGINNING, OWN, Columns.END));

    private EventColumns() {}

    private static @Nullable Object tenant(ExportedRecord record) {
        var header = record.source().headers().lastHeader(EventHeaders.TENANT);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
