package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The id of one stream: 26 characters of Crockford base32 that say <em>when</em> it was asked for
 * and <em>where</em> it is kept.
 *
 * <pre>
 *   48 bits  milliseconds since the epoch
 *   16 bits  partition of tidemark.commands and tidemark.events
 *   64 bits  randomness
 * </pre>
 *
 * <p>The shape is that of a <a href="https://github.com/ulid/spec">ULID</a>, so ids sort by time as
 * strings and as bytes. Because the partition is part of the id it never changes when partitions
 * are added, and because the time is, a reader finds a stream's first record with the log's own
 * time index. This class is the only place that knows the layout.
 *
 * <p>Immutable. Only the canonical spelling, upper case, is accepted: an id is also a record key,
 * and keys are compared byte by byte.
 */
public final class StreamId implements Comparable<StreamId> {
    /** Number of characters of every id. */
    public static final int LENGTH = 26;

    /** Highest partition an id can name, inclusive. */
    public static final int PARTITION_MAX = 0xFFFF;

    private static final long MILLIS_MAX = 0xFFFF_FFFF_FFFFL;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final byte[] VALUE_OF = valueOf();

    private final long high;
    private final long low;
    private final String text;

    private StreamId(long high, long low, String text) {
        this.high = high;
        this.low = low;
        this.text = text;
    }

    /**
     * Mints an id.
     *
     * @param clock tells the time that becomes part of the id, to the millisecond
     * @param random source of the 64 random bits; must be unpredictable where ids are capabilities
     * @param partition partition that will hold the stream, 0 to {@value #PARTITION_MAX} inclusive
     * @throws IllegalArgumentException if the partition or the time does not fit
     */
    public static StreamId mint(InstantSource clock, RandomGenerator random, int partition) {
        if (partition < 0 || partition > PARTITION_MAX) {
            throw new IllegalArgumentException("partition must be 0 to 65535, was " + partition);
        }
        long millis = clock.millis();
        if (millis < 0 || millis > MILLIS_MAX) {
            throw new IllegalArgumentException("time must fit in 48 bits, was " + millis);
        }
        long high = millis << 16 | partition;
        long low = random.nextLong();
        return new StreamId(high, low, encode(high, low));
    }

    /**
     * Reads an id from its text.
     *
     * @throws IllegalArgumentException if the text is not the canonical spelling of an id; the
     *     message says what is wrong without repeating more of the text than one character
     */
    @JsonCreator
    public static StreamId parse(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException(
                    "a stream id has " + LENGTH + " characters, found " + text.length());
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            int value = digit(text, i);
            high = high << 5 | low >>> 59;
            low = low << 5 | value;
        }
        return new StreamId(high, low, text);
    }

    /** Reads an id from a record key; see {@link #parse(String)}. */
    public static StreamId ofKey(byte[] key) {
        return parse(new String(key, StandardCharsets.US_ASCII));
    }

    private static int digit(String text, int index) {
        char c = text.charAt(index);
        int value = c < VALUE_OF.length ? VALUE_OF[c] : -1;
        if (value < 0) {
            throw new IllegalArgumentException(
                    "character "
                            + index
                            + " of a stream id must be one of "
                            + ALPHABET
                            + ", found U+"
                            + String.format("%04X", (int) c));
        }
        if (index == 0 && value > 7) {
            throw new IllegalArgumentException("a stream id starts with 0 to 7, found " + c);
        }
        return value;
    }

    private static String encode(long high, long low) {
        var text = new char[LENGTH];
        long upper = high;
        long lower = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (lower & 31));
            lower = lower >>> 5 | upper << 59;
            upper >>>= 5;
        }
        return new String(text);
    }

    private static byte[] valueOf() {
        var values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }

    /** The time the id was minted, by the clock of the node that minted it. */
    public Instant time() {
        return Instant.ofEpochMilli(high >>> 16);
    }

    /** The partition of {@code tidemark.commands} and {@code tidemark.events} that holds it. */
    public int partition() {
        return (int) (high & PARTITION_MAX);
    }

    /** The id as a record key: its text in ASCII, a fresh array on each call. */
    public byte[] key() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The id in 16 bytes, big-endian, which sort as its text does; a fresh array on each call. */
    public byte[] packed() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(StreamId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamId id && high == id.high && low == id.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low);
    }

    /** The canonical text, 26 characters. */
    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
