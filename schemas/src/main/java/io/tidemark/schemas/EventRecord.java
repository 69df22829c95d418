package io.tidemark.schemas;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one record of {@code tidemark.events} is, told from its key and headers alone.
 *
 * <pre>{@code
 * switch (EventRecord.of(record)) {
 *     case EventRecord.Entry entry -> guard.admit(entry) ...
 *     case EventRecord.Fence fence -> guard.fence(fence) ...
 *     case EventRecord.Foreign foreign -> // count it, pass it by
 * }
 * }</pre>
 */
public sealed interface EventRecord {
    /**
     * An event.
     *
     * @param value the event's JSON; shared with the record, not to be changed
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // read once per record on the hot path, never compared
    record Entry(StreamId id, EventHeaders headers, byte[] value) implements EventRecord {
        @Override
        public String toString() {
            return "Entry[id=" + id + ", headers=" + headers + ", bytes=" + value.length + "]";
        }
    }

    /** The promise that nothing of a lower attempt counts from here on. */
    record Fence(StreamId id, Attempt attempt) implements EventRecord {}

    /** A record that is not ours to read; {@code problem} says why. */
    record Foreign(String problem) implements EventRecord {}

    /** Tells what a consumed record is; never throws. */
    static EventRecord of(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.key() == null) {
                return new Foreign("no key");
            }
            var id = StreamId.ofKey(record.key());
            var headers = record.headers();
            var attempt = EventHeaders.attempt(headers);
            if (record.value() == null) {
                return new Fence(id, attempt);
            }
            var type = EventHeaders.text(headers, EventHeaders.TYPE);
            if (type == null) {
                return new Foreign("no header " + EventHeaders.TYPE);
            }
            long sequence = EventHeaders.number(headers, EventHeaders.SEQUENCE, Long.BYTES);
            var trace = EventHeaders.text(headers, EventHeaders.TRACEPARENT);
            boolean presence = headers.lastHeader(EventHeaders.PRESENCE) != null;
            var tenant = EventHeaders.text(headers, EventHeaders.TENANT);
            return new Entry(
                    id,
                    new EventHeaders(type, sequence, attempt, trace, presence, tenant),
                    record.value());
        } catch (IllegalArgumentException | MalformedRecordException e) {
            return new Foreign(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The record to produce for an event of a stream of no tenant that goes on whether it is read
     * or not, on the partition its id names.
     */
    static ProducerRecord<byte[], byte[]> of(
            String topic, StreamEvent event, Attempt attempt, @Nullable String traceparent) {
        return of(topic, event, attempt, traceparent, false, null);
    }

    /**
     * The record to produce for an event, on the partition its id names.
     *
     * @param presence whether the writer heeds who reads the stream
     * @param tenant whose stream it is, as its {@code stream.started} says
     */
    static ProducerRecord<byte[], byte[]> of(
            String topic,
            StreamEvent event,
            Attempt attempt,
            @Nullable String traceparent,
            boolean presence,
            @Nullable String tenant) {
        var record =
                new ProducerRecord<>(
                        topic,
                        event.requestId().partition(),
                        event.requestId().key(),
                        EventCodec.encode(event));
        new EventHeaders(event.type(), event.sequence(), attempt, traceparent, presence, tenant)
                .writeTo(record.headers());
        return record;
    }

    /** The record to produce for a fence: the key, the attempt and no value. */
    static ProducerRecord<byte[], byte[]> fence(String topic, StreamId id, Attempt attempt) {
        var record = new ProducerRecord<byte[], byte[]>(topic, id.partition(), id.key(), null);
        EventHeaders.writeAttempt(record.headers(), attempt);
        return record;
    }
}
