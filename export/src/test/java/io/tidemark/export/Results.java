package io.tidemark.export;

import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.ByteBuffer;

/** Ledger rows as the projector would write them. */
final class Results {
    private Results() {}

    /** The row of a stream that used so many tokens. */
    static UsageRow row(StreamId id, long input, long output) {
        long began = id.time().toEpochMilli();
        return new UsageRow(
                1,
                id,
                "acme",
                "openai",
                "openai.responses",
                "gpt-5-2025",
                "gpt-5",
                Response.Status.COMPLETED,
                Outcome.COMPLETE,
                "stop",
                null,
                UsageRow.Provenance.PROVIDER,
                Usage.ofTotals(input, output, input + output),
                new Response.Timings(began, began + 250, began + 1000, 250L, 1000L, 12.5),
                1,
                null);
    }

    /** Its record. */
    static ProducerRecord<byte[], byte[]> record(UsageRow row) {
        var record =
                new ProducerRecord<>(
                        "usage",
                        row.requestId().partition(),
                        row.timings().endedAt(),
                        row.requestId().key(),
                        ResponseCodec.encode(row));
        record.headers().add("firstOffset", ByteBuffer.allocate(8).putLong(3).array());
        record.headers().add("lastOffset", ByteBuffer.allocate(8).putLong(9).array());
        return record;
    }

    /** The record that deletes what a stream had. */
    static ProducerRecord<byte[], byte[]> tombstone(StreamId id) {
        return new ProducerRecord<>("usage", id.partition(), id.key(), null);
    }
}
