package io.tidemark.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

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

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One stream as a worker writes those of OpenAI's Responses API: a start, an item, a word in each
 * event, and the end. Confined to one thread.
 */
final class LoadStream {
    /** Events of the shortest one. */
    static final int LENGTH_MIN = 4;

    private static final Attempt ATTEMPT = new Attempt(0, 1);
    private static final int BESIDE_TEXT = 3;

    private final StreamId id;
    private final long length;
    private final LoadWords words;
    private long sequence;
    private long textBytes;
    private long eventBytes;

    /** One of {@code length} events, at least {@value #LENGTH_MIN}. */
    LoadStream(StreamId id, long length, LoadWords words) {
        this.id = id;
        this.length = length;
        this.words = words;
    }

    StreamId id() {
        return id;
    }

    /** Sequence of its last event. */
    long last() {
        return length - 1;
    }

    boolean ended() {
        return sequence == length;
    }

    /** Bytes of text in what was written of it. */
    long textBytes() {
        return textBytes;
    }

    /** Bytes of JSON in what was written of it. */
    long eventBytes() {
        return eventBytes;
    }

    /** Events written of it. */
    long written() {
        return sequence;
    }

    /** Its next event. */
    ProducerRecord<byte[], byte[]> next(String topic, long atMillis) {
        var placement =
                sequence == 0 || sequence == last()
                        ? Placement.NONE
                        : new Placement(
                                0,
                                0,
                                null,
                                "msg_" + id + "_by_its_provider",
                                null,
                                null,
                                null,
                                sequence + BESIDE_TEXT,
                                null,
                                null,
                                null);
        var event = new StreamEvent(id, sequence, atMillis, placement, body());
        sequence++;
        var record = EventRecord.of(topic, event, ATTEMPT, null);
        eventBytes += record.value().length;
        return record;
    }

    private EventBody body() {
        if (sequence == 0) {
            return new Started(
                    "openai", "sim", "openai.responses", null, 1, null, null, null, null);
        }
        if (sequence == 1) {
            return new ItemStarted(
                    new Item(Item.MESSAGE, null, "assistant", null, null, null, null, null));
        }
        if (sequence == last()) {
            return new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null);
        }
        var text = words.next();
        textBytes += text.getBytes(UTF_8).length;
        return new TextDelta(text, null);
    }
}
