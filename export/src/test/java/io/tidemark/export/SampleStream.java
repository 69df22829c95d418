package io.tidemark.export;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.LongStream;

/** A stream as a writer would write it: a start, {@code deltas} pieces of text and the end. */
record SampleStream(StreamId id, int deltas) {
    static final String TENANT = "acme";

    /** A stream on a partition that was asked for then, told from others by a number. */
    static SampleStream of(Instant requested, int partition, long number, int deltas) {
        var id = StreamId.mint(InstantSource.fixed(requested), () -> number, partition);
        return new SampleStream(id, deltas);
    }

    /** Sequence of its terminal event. */
    long last() {
        return deltas + 1L;
    }

    StreamEvent event(long sequence) {
        return new StreamEvent(
                id,
                sequence,
                id.time().toEpochMilli() + sequence,
                sequence == 0 || sequence == last()
                        ? Placement.NONE
                        : Placement.content(0, 0, null),
                body(sequence));
    }

    private EventBody body(long sequence) {
        if (sequence == 0) {
            return new Started(
                    "openai", "gpt-5", "openai.responses", null, 1, null, null, TENANT, null);
        }
        return sequence == last()
                ? new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null)
                : new TextDelta("word " + sequence + " \u2713", null);
    }

    /** The record of a sequence under an attempt. */
    ProducerRecord<byte[], byte[]> record(long sequence, int attempt) {
        return EventRecord.of(
                "events", event(sequence), new Attempt(0, attempt), null, false, TENANT);
    }

    /** The records of sequences from {@code first} to {@code last}, both inclusive. */
    List<ProducerRecord<byte[], byte[]>> records(long first, long last, int attempt) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(sequence -> record(sequence, attempt))
                .toList();
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return records(0, last(), 1);
    }

    ProducerRecord<byte[], byte[]> fence(int attempt) {
        return EventRecord.fence("events", id, new Attempt(0, attempt));
    }
}
