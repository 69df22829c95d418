package io.tidemark.projector.internal;

import java.util.Arrays;

/** Bytes that grow at their end. Confined to one thread. */
final class ByteSink {
    private static final int BYTES_FIRST = 256;
    private static final int DIGITS_MAX = 19;

    private byte[] bytes = new byte[BYTES_FIRST];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** All of it, as a copy. */
    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Whether it holds these bytes and no others. */
    boolean holds(byte[] others) {
        return Arrays.equals(bytes, 0, size, others, 0, others.length);
    }

    ByteSink put(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    ByteSink put(byte[] source, int from, int length) {
        room(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
        return this;
    }

    ByteSink put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** A number of seven bits a byte, the lowest first; negative ones take ten bytes. */
    ByteSink varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        return put((int) rest);
    }

    /** The same for a number that is near zero on either side. */
    ByteSink signed(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    /** The digits of a number that is not negative. */
    ByteSink decimal(long value) {
        room(DIGITS_MAX);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
