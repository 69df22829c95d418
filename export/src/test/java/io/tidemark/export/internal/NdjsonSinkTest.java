package io.tidemark.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.export.ExportedRecord;
import io.tidemark.export.Verdict;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

class NdjsonSinkTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");

    @Test
    void aValueStaysAsItIs() throws IOException {
        assertThat(line("{ \"a\" : 1.10, \"b\":\"é\\u00e9\" }", false))
                .isEqualTo("{ \"a\" : 1.10, \"b\":\"é\\u00e9\" }\n");
    }

    @Test
    void lineEndsBetweenTokensDoNotEndTheLine() throws IOException {
        assertThat(line("{\n\"a\":\r\n\"\\n\"}\n", false)).isEqualTo("{ \"a\":  \"\\n\"} \n");
    }

    @Test
    void whereItIsStandsBeforeTheFields() throws IOException {
        assertThat(line(" {\"a\":1}", true))
                .isEqualTo(
                        "{\"logPartition\":2,\"logOffset\":7,\"logTime\":1800000000000,"
                                + "\"logVerdict\":\"accepted\",\"logEpoch\":5,\"logAttempt\":2,\"a\":1}\n");
        assertThat(line("{}", true)).endsWith("\"logAttempt\":2}\n");
    }

    @Test
    void aRecordWithoutAReadableValueIsALineOfWhereItIs() throws IOException {
        assertThat(line(null, true)).endsWith(",\"requestId\":\"" + ID + "\"}\n");
        assertThat(line("{", true)).endsWith(",\"requestId\":\"" + ID + "\",\"logBytes\":1}\n");
    }

    private static String line(@Nullable String value, boolean metadata) throws IOException {
        var stream = new ByteArrayOutputStream();
        var json = value == null ? null : value.getBytes(UTF_8);
        var record =
                new ConsumerRecord<byte[], byte[]>(
                        "any",
                        2,
                        7,
                        1_800_000_000_000L,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        ID.key(),
                        json,
                        new RecordHeaders(),
                        Optional.empty());
        new NdjsonSink(stream, metadata)
                .write(
                        new ExportedRecord(
                                record,
                                ID,
                                new Attempt(5, 2),
                                Verdict.ACCEPTED,
                                json == null ? null : JsonValues.object(json)));
        return stream.toString(UTF_8);
    }
}
