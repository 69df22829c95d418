package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Why a command was set aside, and where it was read: the headers of a record in {@code
 * tidemark.dead-letters}, section 5.5 of {@code docs/protocol.md}.
 *
 * @param reason why it was not taken; one of {@link Reason} or, from a newer writer, another
 * @param sourceTopic topic that it was read from
 * @param sourcePartition partition of that, and of the dead letter
 * @param sourceOffset offset in that
 * @param field name of the field that was wrong, never its value; absent where none is to blame
 * @param valueLeftOut size of its value in bytes, if that was too large to be copied; absent if the
 *     value is there, or there never was one
 */
public record DeadLetter(
        String reason,
        String sourceTopic,
        int sourcePartition,
        long sourceOffset,
        @Nullable String field,
        @Nullable Long valueLeftOut) {
    /** Header with the reason, in UTF-8. */
    public static final String REASON = "reason";

    /** Header with the topic it was read from, in UTF-8. */
    public static final String SOURCE_TOPIC = "sourceTopic";

    /** Header with the partition it was read from; 4 bytes, big-endian. */
    public static final String SOURCE_PARTITION = "sourcePartition";

    /** Header with the offset it was read from; 8 bytes, big-endian. */
    public static final String SOURCE_OFFSET = "sourceOffset";

    /** Header with the name of the field that was wrong, in UTF-8. */
    public static final String FIELD = "field";

    /** Header with the size of a value that was left out; 8 bytes, big-endian. */
    public static final String VALUE_LEFT_OUT = "valueLeftOut";

    /** Why a command is set aside. */
    public enum Reason implements WireName {
        /** The record has no value. */
        NO_VALUE,
        /** It is no JSON object, or a field is missing or wrong. */
        MALFORMED,
        /** Its type is none that this version knows. */
        UNKNOWN_TYPE,
        /** Its partition or its key is not that of what it is about. */
        MISROUTED,
        /** It starts a stream that another command has started. */
        DUPLICATE,
        /** It starts a stream later than the broker's clock allows. */
        FUTURE
    }

    public DeadLetter {
        requireNonNull(reason, "reason");
        requireNonNull(sourceTopic, "sourceTopic");
    }

    /** What is to be said of a command whose value goes along. */
    public static DeadLetter of(
            ConsumerRecord<?, ?> command, Reason reason, @Nullable String field) {
        return new DeadLetter(
                reason.wire(), command.topic(), command.partition(), command.offset(), field, null);
    }

    /** The same of a command whose value has so many bytes and is left out. */
    public DeadLetter leavingOut(long valueBytes) {
        return new DeadLetter(
                reason, sourceTopic, sourcePartition, sourceOffset, field, valueBytes);
    }

    /** The record to produce: a command as it was read, with these headers instead of its own. */
    public ProducerRecord<byte[], byte[]> record(
            String topicName, ConsumerRecord<byte[], byte[]> command) {
        var timestamp = command.timestamp() < 0 ? null : command.timestamp();
        var record =
                valueLeftOut == null
                        ? new ProducerRecord<>(
                                topicName,
                                sourcePartition,
                                timestamp,
                                command.key(),
                                command.value())
                        : new ProducerRecord<byte[], byte[]>(
                                topicName, sourcePartition, timestamp, command.key(), null);
        writeTo(record.headers());
        return record;
    }

    private void writeTo(Headers headers) {
        headers.add(REASON, bytes(reason));
        headers.add(SOURCE_TOPIC, bytes(sourceTopic));
        headers.add(
                SOURCE_PARTITION,
                ByteBuffer.allocate(Integer.BYTES).putInt(sourcePartition).array());
        headers.add(SOURCE_OFFSET, bytes(sourceOffset));
        if (field != null) {
            headers.add(FIELD, bytes(field));
        }
        if (valueLeftOut != null) {
            headers.add(VALUE_LEFT_OUT, bytes(valueLeftOut));
        }
    }

    /**
     * What a record of the topic says of its command.
     *
     * @throws MalformedRecordException if its headers are not those of a dead letter
     */
    public static DeadLetter read(ConsumerRecord<?, ?> record) {
        var headers = record.headers();
        return new DeadLetter(
                text(headers, REASON),
                text(headers, SOURCE_TOPIC),
                (int) EventHeaders.number(headers, SOURCE_PARTITION, Integer.BYTES),
                EventHeaders.number(headers, SOURCE_OFFSET, Long.BYTES),
                EventHeaders.text(headers, FIELD),
                headers.lastHeader(VALUE_LEFT_OUT) == null
                        ? null
                        : EventHeaders.number(headers, VALUE_LEFT_OUT, Long.BYTES));
    }

    private static String text(Headers headers, String name) {
        var text = EventHeaders.text(headers, name);
        if (text == null) {
            throw new MalformedRecordException("header " + name, "is missing", null);
        }
        return text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
