package io.tidemark.export;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way from the log to a file.
 *
 * @param source the record as it was read
 * @param id the stream that its key names; absent if it names none
 * @param attempt the attempt that wrote it; absent for what is no event and no fence
 * @param verdict what readers make of it
 * @param json its value; absent without one, and where it is not one JSON object
 */
public record ExportedRecord(
        ConsumerRecord<byte[], byte[]> source,
        @Nullable StreamId id,
        @Nullable Attempt attempt,
        Verdict verdict,
        @Nullable ObjectNode json) {
    public ExportedRecord {
        requireNonNull(source, "source");
        requireNonNull(verdict, "verdict");
    }

    @Override
    public String toString() {
        return "ExportedRecord[offset="
                + source.offset()
                + ", id="
                + id
                + ", verdict="
                + verdict
                + ", bytes="
                + source.serializedValueSize()
                + "]";
    }
}
