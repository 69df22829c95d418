package io.tidemark.edge;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes one stream straight to the log, as a worker would. */
final class LogWriter {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    final StreamId id;

    /** The JSON of every event written that counts, in order. */
    final List<String> written = new ArrayList<>();

    private int attempt = 1;
    private int lost;
    private boolean heeding;
    private @Nullable String tenant;

    LogWriter(KafkaProducer<byte[], byte[]> producer, String topic, StreamId id) {
        this.producer = producer;
        this.topic = topic;
        this.id = id;
    }

    static StreamEvent event(StreamId id, long sequence, EventBody body) {
        return new StreamEvent(id, sequence, 1_000 + sequence, Placement.NONE, body);
    }

    static EventBody started() {
        return new LifecycleBody.Started(
                "openai", "sim", "openai.responses", null, 1, null, null, null, null);
    }

    static EventBody completed(Outcome outcome) {
        return new LifecycleBody.Completed(outcome, "stop", null, null, null, null, null);
    }

    /** From now on it says that readers matter to it. */
    LogWriter heeding() {
        heeding = true;
        return this;
    }

    /** From now on it writes for that tenant. */
    LogWriter of(String owner) {
        tenant = owner;
        return this;
    }

    LogWriter start() {
        return write(started()).settled();
    }

    LogWriter deltas(int count) {
        for (int i = 0; i < count; i++) {
            write(new TextDelta("piece " + written.size() + " äöü 🙂 ", null));
        }
        return settled();
    }

    /* Whoever asks for what was written is not to be faster than the log. */
    private LogWriter settled() {
        producer.flush();
        return this;
    }

    LogWriter complete() {
        return complete(Outcome.COMPLETE);
    }

    LogWriter complete(Outcome outcome) {
        return write(completed(outcome)).settled();
    }

    LogWriter write(EventBody body) {
        var event = event(id, next(), body);
        written.add(new String(EventCodec.encode(event), StandardCharsets.UTF_8));
        send(EventRecord.of(topic, event, new Attempt(0, attempt), null, heeding, tenant));
        return this;
    }

    private long next() {
        return (long) written.size() + lost;
    }

    /** Goes on as if events had been written that never came to the log. */
    LogWriter lose(int count) {
        lost += count;
        return this;
    }

    /** An event of an attempt that has no right to write. */
    LogWriter zombie(long sequence, int zombieAttempt) {
        send(
                EventRecord.of(
                        topic,
                        event(id, sequence, new TextDelta("zombie", null)),
                        new Attempt(0, zombieAttempt),
                        null));
        return this;
    }

    LogWriter fence(int newAttempt) {
        attempt = newAttempt;
        send(EventRecord.fence(topic, id, new Attempt(0, newAttempt)));
        return this;
    }

    /** A value that our codec would not write, as the next event. */
    LogWriter raw(String type, String json) {
        var record =
                new ProducerRecord<>(
                        topic, id.partition(), id.key(), json.getBytes(StandardCharsets.UTF_8));
        new EventHeaders(type, next(), new Attempt(0, attempt), null).writeTo(record.headers());
        written.add(json);
        send(record);
        return this;
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        var _ =
                producer.send(
                        record,
                        (_, e) -> {
                            if (e != null) {
                                throw new AssertionError(e);
                            }
                        });
    }

    /** Waits until the log has everything; returns the offset of the last record. */
    long flush() throws Exception {
        producer.flush();
        RecordMetadata marker =
                producer.send(new ProducerRecord<>(topic, id.partition(), null, null)).get();
        return marker.offset() - 1;
    }

    List<String> written() {
        return List.copyOf(written);
    }
}
