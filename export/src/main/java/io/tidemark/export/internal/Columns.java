package io.tidemark.export.internal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.export.Column;
import io.tidemark.export.ColumnType;
import io.tidemark.export.ExportedRecord;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** How columns are read from records. A value of another type than the column's is none. */
final class Columns {
    private Columns() {}

    /** The columns that every table of streams begins with. */
    static final List<Column> BEGINNING =
            List.of(
                    column(
                            "request_id",
                            ColumnType.VARCHAR,
                            "the stream, from the record's key",
                            record -> record.id() == null ? null : record.id().toString()),
                    column(
                            "requested_at",
                            ColumnType.TIMESTAMP,
                            "when it was asked for, from its id",
                            record ->
                                    record.id() == null
                                            ? null
                                            : (Object) record.id().time().toEpochMilli()));

    /** The columns that every table ends with. */
    static final List<Column> END =
            List.of(
                    column(
                            "log_partition",
                            ColumnType.INTEGER,
                            "partition of the record",
                            record -> record.source().partition()),
                    column(
                            "log_offset",
                            ColumnType.BIGINT,
                            "offset of the record in its partition",
                            record -> record.source().offset()),
                    column(
                            "log_time",
                            ColumnType.TIMESTAMP,
                            "timestamp of the record",
                            record -> record.source().timestamp()),
                    column(
                            "log_verdict",
                            ColumnType.VARCHAR,
                            "what readers make of the record",
                            record -> record.verdict().wire()),
                    column(
                            "json",
                            ColumnType.VARCHAR,
                            "the whole value as it stands",
                            record -> record.json() == null ? null : record.source().value()));

    /** Of responses and ledger rows. */
    static final List<Column> RESULT =
            List.of(
                    text("tenant", "/tenant", "whose stream it is"),
                    text("provider", "/provider", "name of the configured provider"),
                    text("api", "/api", "the API it was asked in"),
                    text("model", "/model", "the model that served it"),
                    text("requested_model", "/requestedModel", "the model asked for"),
                    text("status", "/status", "where it stands"),
                    text("outcome", "/outcome", "how it ended, unless it failed"),
                    text("finish_reason", "/finishReason", "why it stopped, unless it failed"));

    /** Of responses, ledger rows and rollups. */
    static final List<Column> USAGE =
            List.of(
                    tokens("input_tokens", "input", "all tokens in, cached ones among them"),
                    tokens("output_tokens", "output", "all tokens out, reasoning among them"),
                    tokens("total_tokens", "total", "what the provider calls their total"),
                    tokens("cached_input_tokens", "cachedInput", "read from a cache"),
                    tokens("cache_write_tokens", "cacheWrite", "written to a cache"),
                    tokens("reasoning_tokens", "reasoning", "spent on reasoning"),
                    tokens("audio_input_tokens", "audioInput", "of audio in"),
                    tokens("audio_output_tokens", "audioOutput", "of audio out"),
                    tokens("text_input_tokens", "textInput", "of text in"),
                    tokens("text_output_tokens", "textOutput", "of text out"),
                    tokens("image_input_tokens", "imageInput", "of images in"),
                    tokens("image_output_tokens", "imageOutput", "of images out"),
                    real("audio_seconds", "/usage/audioSeconds", "audio billed by duration"));

    /** Of responses and ledger rows. */
    static final List<Column> TIMINGS =
            List.of(
                    time("started_at", "/timings/startedAt", "when its first event was written"),
                    time("first_content_at", "/timings/firstContentAt", "when content first came"),
                    time("ended_at", "/timings/endedAt", "when it ended"),
                    whole(
                            "time_to_first_content_ms",
                            "/timings/timeToFirstContentMs",
                            "from the start to the first content, in milliseconds"),
                    whole("total_ms", "/timings/totalMs", "from the start to the end"),
                    real(
                            "tokens_per_second",
                            "/timings/tokensPerSecond",
                            "tokens out over the time from first content to end"),
                    number("attempts", "/attempts", "how many writers it had"));

    /** Of responses and ledger rows: where their events are. */
    static final List<Column> SOURCE =
            List.of(
                    header("first_offset", "firstOffset", "offset of its first event"),
                    header("last_offset", "lastOffset", "offset of its terminal event"));

    static Column column(String name, ColumnType type, String meaning, Column.Reading reading) {
        return new Column(name, type, meaning, reading);
    }

    /** Text at a place of the value. */
    static Column text(String name, String pointer, String meaning) {
        return at(name, ColumnType.VARCHAR, pointer, meaning, JsonNode::textValue);
    }

    /** An object or a list at a place of the value, as JSON. */
    static Column json(String name, String pointer, String meaning) {
        return at(
                name,
                ColumnType.VARCHAR,
                pointer,
                meaning,
                node -> node.isContainerNode() ? node.toString() : null);
    }

    /** A whole number of 64 bits at a place of the value. */
    static Column whole(String name, String pointer, String meaning) {
        return at(name, ColumnType.BIGINT, pointer, meaning, Columns::whole);
    }

    /** A point in time, as epoch milliseconds at a place of the value. */
    static Column time(String name, String pointer, String meaning) {
        return at(name, ColumnType.TIMESTAMP, pointer, meaning, Columns::whole);
    }

    private static @Nullable Object whole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }

    /** A whole number of 32 bits at a place of the value. */
    static Column number(String name, String pointer, String meaning) {
        return at(
                name,
                ColumnType.INTEGER,
                pointer,
                meaning,
                node -> node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null);
    }

    /** A number at a place of the value. */
    static Column real(String name, String pointer, String meaning) {
        return at(
                name,
                ColumnType.DOUBLE,
                pointer,
                meaning,
                node -> node.isNumber() ? node.doubleValue() : null);
    }

    private static Column tokens(String name, String field, String meaning) {
        return whole(name, "/usage/" + field, meaning);
    }

    private static Column header(String name, String header, String meaning) {
        return column(name, ColumnType.BIGINT, meaning, record -> number(record, header));
    }

    private static @Nullable Object number(ExportedRecord record, String name) {
        var header = record.source().headers().lastHeader(name);
        return header == null || header.value() == null || header.value().length != Long.BYTES
                ? null
                : (Object) ByteBuffer.wrap(header.value()).getLong();
    }

    private static Column at(
            String name,
            ColumnType type,
            String pointer,
            String meaning,
            Function<JsonNode, @Nullable Object> value) {
        var place = JsonPointer.compile(pointer);
        return column(
                name,
                type,
                meaning,
                record -> record.json() == null ? null : value.apply(record.json().at(place)));
    }

    /** Several lists as one. */
    static List<Column> table(List<List<Column>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }
}
