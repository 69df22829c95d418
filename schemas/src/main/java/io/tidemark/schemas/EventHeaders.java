package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The headers of a record in {@code tidemark.events}: enough to route it without reading its JSON.
 *
 * @param type the event's wire name
 * @param sequence the event's sequence; 8 bytes, big-endian, on the wire
 * @param attempt which attempt of the request wrote it; on the wire two headers, {@code epoch} of 8
 *     bytes and {@code attempt} of 4, big-endian
 * @param traceparent W3C trace context; absent where there is none
 * @param presence whether the writer heeds who reads the stream; on the wire a header without a
 *     value, absent where it does not
 * @param tenant whose stream it is; absent where it is nobody's in particular
 */
public record EventHeaders(
        String type,
        long sequence,
        Attempt attempt,
        @Nullable String traceparent,
        boolean presence,
        @Nullable String tenant) {
    /** Header with the event's wire name, in UTF-8. */
    public static final String TYPE = "type";

    /** Header with the sequence. */
    public static final String SEQUENCE = "sequence";

    /** Header with the epoch of the attempt; absent is 0. A fence has this and the next. */
    public static final String EPOCH = "epoch";

    /** Header with the number of the attempt. */
    public static final String ATTEMPT = "attempt";

    /** Header with the trace context. */
    public static final String TRACEPARENT = "traceparent";

    /** Header of streams whose readers are to be told of; it has no bytes. */
    public static final String PRESENCE = "presence";

    /** Header with the tenant, in UTF-8. */
    public static final String TENANT = "tenant";

    public EventHeaders {
        requireNonNull(type, "type");
        requireNonNull(attempt, "attempt");
    }

    /** Headers of a stream of no tenant that goes on whether it is read or not. */
    public EventHeaders(String type, long sequence, Attempt attempt, @Nullable String traceparent) {
        this(type, sequence, attempt, traceparent, false, null);
    }

    /** Adds these headers to a record's. */
    public void writeTo(Headers headers) {
        headers.add(TYPE, type.getBytes(StandardCharsets.UTF_8));
        headers.add(SEQUENCE, ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
        writeAttempt(headers, attempt);
        if (traceparent != null) {
            headers.add(TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
        }
        if (presence) {
            headers.add(PRESENCE, new byte[0]);
        }
        if (tenant != null) {
            headers.add(TENANT, tenant.getBytes(StandardCharsets.UTF_8));
        }
    }

    static void writeAttempt(Headers headers, Attempt attempt) {
        headers.add(EPOCH, ByteBuffer.allocate(Long.BYTES).putLong(attempt.epoch()).array());
        headers.add(ATTEMPT, ByteBuffer.allocate(Integer.BYTES).putInt(attempt.number()).array());
    }

    static Attempt attempt(Headers headers) {
        long epoch = headers.lastHeader(EPOCH) == null ? 0 : number(headers, EPOCH, Long.BYTES);
        return new Attempt(epoch, (int) number(headers, ATTEMPT, Integer.BYTES));
    }

    static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    static long number(Headers headers, String name, int bytes) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null || header.value().length != bytes) {
            throw new MalformedRecordException(
                    "header " + name, "must have " + bytes + " bytes", null);
        }
        var value = ByteBuffer.wrap(header.value());
        long number = bytes == Integer.BYTES ? value.getInt() : value.getLong();
        if (number < 0) {
            throw new MalformedRecordException(
                    "header " + name, "must not be negative, was " + number, null);
        }
        return number;
    }
}
