package io.tidemark.projector;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Usage;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A stream as a writer would write it: a start, an item, {@code deltas} pieces of text and the end.
 *
 * @param at when it began, in epoch milliseconds; each event comes 30 ms after the one before
 */
public record SampleStream(StreamId id, int deltas, long at) {
    public static final String EVENTS = "tidemark.events";

    private static final int EVENTS_BESIDE_DELTAS = 3;
    private static final long PACE_MS = 30;

    /** A stream on a partition, told from others by a number. */
    public static SampleStream of(int partition, long number, int deltas) {
        var began = Instant.ofEpochMilli(1_800_000_000_000L + number);
        var id = StreamId.mint(InstantSource.fixed(began), () -> number, partition);
        return new SampleStream(id, deltas, began.toEpochMilli());
    }

    /** How many events it has. */
    public int length() {
        return deltas + EVENTS_BESIDE_DELTAS;
    }

    /** Sequence of its terminal event. */
    public long last() {
        return length() - 1L;
    }

    /** The whole text. */
    public String text() {
        var text = new StringBuilder();
        LongStream.range(2, last()).forEach(sequence -> text.append(word(sequence)));
        return text.toString();
    }

    private static String word(long sequence) {
        return "w" + sequence + " ";
    }

    /** The event of a sequence. */
    public StreamEvent event(long sequence) {
        return new StreamEvent(
                id,
                sequence,
                at + sequence * PACE_MS,
                sequence == 0 || sequence == last()
                        ? Placement.NONE
                        : Placement.content(0, 0, null),
                body(sequence));
    }

    private EventBody body(long sequence) {
        if (sequence == 0) {
            return new Started(
                    "openai", "gpt-5", "openai.responses", null, 1, null, null, null, null);
        }
        if (sequence == 1) {
            return new ItemStarted(
                    new Item(Item.MESSAGE, null, "assistant", null, null, null, null, null));
        }
        return sequence == last() ? completed() : new TextDelta(word(sequence), null);
    }

    private Completed completed() {
        return new Completed(Outcome.COMPLETE, "stop", null, null, usage(), null, null);
    }

    private Usage usage() {
        long output = deltas;
        return Usage.ofTotals(7L, output, 7 + output);
    }

    /** The record of a sequence under an attempt. */
    public ProducerRecord<byte[], byte[]> record(long sequence, int attempt) {
        return EventRecord.of(EVENTS, event(sequence), new Attempt(0, attempt), null);
    }

    /** The records of sequences from {@code first} to {@code last}, both inclusive. */
    public List<ProducerRecord<byte[], byte[]>> records(long first, long last) {
        return records(first, last, 1);
    }

    /** The same under another attempt. */
    public List<ProducerRecord<byte[], byte[]>> records(long first, long last, int attempt) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        LongStream.rangeClosed(first, last)
                .forEach(sequence -> records.add(record(sequence, attempt)));
        return records;
    }

    /** All its records. */
    public List<ProducerRecord<byte[], byte[]>> records() {
        return records(0, last());
    }

    /** A fence. */
    public ProducerRecord<byte[], byte[]> fence(int attempt) {
        return EventRecord.fence(EVENTS, id, new Attempt(0, attempt));
    }
}
