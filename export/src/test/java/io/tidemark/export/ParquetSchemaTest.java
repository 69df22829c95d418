package io.tidemark.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.tidemark.export.internal.RowSink;
import io.tidemark.export.internal.Selector;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is written is what the table of columns says, as a reader of another make sees it. */
class ParquetSchemaTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root", ".."), "schemas/src/test/resources/golden");
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource
    void theFileHasTheColumnsOfTheTable(ExportTopic topic) throws IOException {
        var file = write(topic, golden(topic));

        assertThat(Tables.query(file, "SELECT column_name, column_type FROM (DESCRIBE FROM FILE)"))
                .containsExactlyElementsOf(
                        topic.columns().stream()
                                .map(column -> column.name() + "|" + typeOf(column))
                                .toList());
        assertThat(Tables.query(file, "SELECT count(*) FROM FILE"))
                .containsExactly(String.valueOf(golden(topic).size()));
    }

    private static String typeOf(Column column) {
        return column.type() == ColumnType.TIMESTAMP
                ? "TIMESTAMP WITH TIME ZONE"
                : column.type().name();
    }

    @ParameterizedTest
    @EnumSource
    void theColumnsAreCompressedWithZstd(ExportTopic topic) throws IOException {
        var file = write(topic, golden(topic));

        assertThat(Tables.query(file, "SELECT DISTINCT compression FROM parquet_metadata(FILE)"))
                .containsExactly("ZSTD");
        assertThat(
                        Tables.query(
                                file,
                                "SELECT decode(value) FROM parquet_kv_metadata(FILE)"
                                        + " WHERE decode(key) = 'tidemark.topic'"))
                .containsExactly("tidemark." + topic.wire());
    }

    @ParameterizedTest
    @EnumSource
    void theWholeValueIsThere(ExportTopic topic) throws IOException {
        var values = golden(topic);

        var file = write(topic, values);

        assertThat(Tables.query(file, "SELECT json FROM FILE ORDER BY log_offset"))
                .containsExactlyElementsOf(values);
    }

    @Test
    void ledgerRowsHaveTheirFigures() throws IOException {
        var file = write(ExportTopic.USAGE, golden(ExportTopic.USAGE));

        assertThat(
                        Tables.query(
                                file,
                                """
                                SELECT request_id, requested_at, tenant, model, status, finish_reason, failure_code,
                                       provenance, input_tokens, reasoning_tokens, audio_seconds, started_at, ended_at,
                                       time_to_first_content_ms, tokens_per_second, cost_amount, cost_currency, attempts, first_offset, last_offset,
                                       log_partition, log_offset, log_time, log_verdict
                                FROM FILE ORDER BY log_offset\
                                """))
                .containsExactly(
                        ID
                                + "|2026-11-20T14:40Z|acme|gpt-5.2-2025-12-11|completed|tool_calls|null|provider|31|20"
                                + "|2.5|2026-11-20T14:40Z|2026-11-20T14:40:01.100Z|455|68.22|0.00088825|USD|2|7|9|1|0"
                                + "|2026-11-20T14:40Z|accepted",
                        ID
                                + "|2026-11-20T14:40Z|acme|gpt-5.2-2025-12-11|completed|tool_calls|null|provider|31|20"
                                + "|2.5|2026-11-20T14:40Z|2026-11-20T14:40:01.100Z|455|68.22|null|null|2|7|9|1|1"
                                + "|2026-11-20T14:40Z|accepted",
                        ID
                                + "|2026-11-20T14:40Z|null|qwen3|failed|null|connection_lost|partial|9007199254740993|null"
                                + "|null|2026-11-20T14:40Z|2026-11-20T14:40:02Z|null|null|0|EUR|1|7|9|1|2"
                                + "|2026-11-20T14:40Z|accepted",
                        ID
                                + "|2026-11-20T14:40Z|null|gpt-5.2|failed|null|provider_overloaded|none|null|null"
                                + "|null|2026-11-20T14:40Z|2026-11-20T14:40:02Z|null|null|null|null|1|7|9|1|3"
                                + "|2026-11-20T14:40Z|accepted");
    }

    @Test
    void responsesHaveWhatWasSaid() throws IOException {
        var two =
                """
                {"items":[{"kind":"reasoning","content":[{"type":"reasoning","text":"hm"}]},\
                {"kind":"message","content":[{"type":"text","text":"One"},{"type":"refusal","text":"no"},\
                {"type":"text","text":"."}]},{"kind":"message","content":[]},\
                {"kind":"message","content":[{"type":"text","text":"Two."}]}],"warnings":["a","b"]}\
                """;

        var file = write(ExportTopic.RESPONSES, List.of(two, "{}"));

        assertThat(
                        Tables.query(
                                file,
                                "SELECT text, tool_calls, warnings FROM FILE ORDER BY log_offset"))
                .containsExactly("One.\n\nTwo.|0|a,b", "null|null|null");
    }

    @ParameterizedTest
    @EnumSource
    void aFieldOfAnotherTypeIsNone(ExportTopic topic) throws IOException {
        var wrong =
                """
                {"sequence":"1","at":1.5,"type":7,"text":{},"outputIndex":1e30,"usage":[],"timings":"x",\
                "items":7,"warnings":{},"attempts":99999999999,"tenant":null,"model":["m"]}\
                """;

        var file = write(topic, List.of(wrong));

        assertThat(Tables.query(file, "SELECT count(*), count(model) FROM FILE"))
                .containsExactly("1|0");
        assertThat(Tables.query(file, "SELECT json FROM FILE")).containsExactly(wrong);
    }

    @Test
    void thereIsNoHadoop() {
        assertThatThrownBy(() -> Class.forName("org.apache.hadoop.conf.Configuration"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private static List<String> golden(ExportTopic topic) throws IOException {
        try (var files = Files.list(GOLDEN.resolve(topic.wire()))) {
            return files.sorted()
                    .map(ParquetSchemaTest::read)
                    .map(String::stripTrailing)
                    .flatMap(Stream::of)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path write(ExportTopic topic, List<String> values) throws IOException {
        var file = directory.resolve(topic.wire() + ".parquet");
        var selector = new Selector(new Scope.Everything(), topic.judge(10), _ -> true, true);
        var config =
                new ExportConfig(
                        Map.of(),
                        Topics.defaults(),
                        topic,
                        ExportFormat.PARQUET,
                        new Scope.Everything(),
                        Keep.RAW,
                        false,
                        ExportLimits.of(10),
                        MasterKeys.NONE);
        try (var stream = Files.newOutputStream(file)) {
            var sink = RowSink.of(config, stream);
            long offset = 0;
            for (var value : values) {
                sink.write(requireNonNull(selector.select(record(value, offset++))));
            }
            sink.complete();
        }
        return file;
    }

    private static ConsumerRecord<byte[], byte[]> record(String value, long offset) {
        var record =
                new ConsumerRecord<>(
                        "any",
                        1,
                        offset,
                        ID.time().toEpochMilli(),
                        org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                        0,
                        0,
                        ID.key(),
                        value.getBytes(UTF_8),
                        new org.apache.kafka.common.header.internals.RecordHeaders(),
                        java.util.Optional.empty());
        record.headers().add("firstOffset", ByteBuffer.allocate(8).putLong(7).array());
        record.headers().add("lastOffset", ByteBuffer.allocate(8).putLong(9).array());
        return record;
    }
}
