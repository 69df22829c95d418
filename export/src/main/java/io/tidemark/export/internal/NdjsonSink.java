package io.tidemark.export.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.export.ExportedRecord;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes each value byte for byte as it stands in the log, on a line of its own. If asked, it
 * begins with fields that say where in the log it is; their names begin with {@code log} and a
 * capital, which no field of the contract does (section 13 of {@code docs/protocol.md}).
 *
 * <p>A record without a readable value is a line of these fields alone, so it is written only if
 * they are asked for.
 */
final class NdjsonSink implements RowSink {
    private static final int LINE_END = '\n';

    private final OutputStream stream;
    private final boolean metadata;

    NdjsonSink(OutputStream stream, boolean metadata) {
        this.stream = stream;
        this.metadata = metadata;
    }

    @Override
    public void write(ExportedRecord record) throws IOException {
        if (record.json() == null) {
            stream.write(('{' + fields(record) + about(record) + '}').getBytes(US_ASCII));
        } else if (metadata) {
            writeBehind('{' + fields(record), record);
        } else {
            writeOnOneLine(record.source().value(), 0);
        }
        stream.write(LINE_END);
    }

    private void writeBehind(String opening, ExportedRecord record) throws IOException {
        stream.write(opening.getBytes(US_ASCII));
        if (record.json() != null && !record.json().isEmpty()) {
            stream.write(',');
        }
        var value = record.source().value();
        int brace = 0;
        while (value[brace] != '{') {
            brace++;
        }
        writeOnOneLine(value, brace + 1);
    }

    /* Line ends can stand between the tokens of an object, and nowhere else. */
    private void writeOnOneLine(byte[] json, int from) throws IOException {
        int begin = from;
        for (int i = from; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                stream.write(json, begin, i - begin);
                stream.write(' ');
                begin = i + 1;
            }
        }
        stream.write(json, begin, json.length - begin);
    }

    private static String fields(ExportedRecord record) {
        var source = record.source();
        var fields =
                "\"logPartition\":%d,\"logOffset\":%d,\"logTime\":%d,\"logVerdict\":\"%s\""
                        .formatted(
                                source.partition(),
                                source.offset(),
                                source.timestamp(),
                                record.verdict().wire());
        var attempt = record.attempt();
        return attempt == null
                ? fields
                : "%s,\"logEpoch\":%d,\"logAttempt\":%d"
                        .formatted(fields, attempt.epoch(), attempt.number());
    }

    private static String about(ExportedRecord record) {
        var id = record.id() == null ? "" : ",\"requestId\":\"" + record.id() + '"';
        var value = record.source().value();
        return value == null ? id : id + ",\"logBytes\":" + value.length;
    }

    @Override
    public void complete() {}
}
