package io.tidemark.projector.internal;

import java.util.Arrays;

/**
 * Reads what a {@link ByteSink} has written. Whatever the bytes are, it reads none beyond their
 * end, and says where they make no sense. Confined to one thread.
 */
final class ByteSource {
    private static final int VARINT_BITS_MAX = 63;

    private final byte[] bytes;
    private int at;

    ByteSource(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int next() {
        if (!hasMore()) {
            throw corrupt("ends in the middle of a value");
        }
        return bytes[at++];
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
            int part = next();
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw corrupt("has a number of more than 64 bits");
    }

    long signed() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number below a limit. */
    int below(long limit, String what) {
        long value = varint();
        if (value < 0 || value >= limit) {
            throw corrupt("has %s %d, and must have less than %d".formatted(what, value, limit));
        }
        return (int) value;
    }

    /** The next bytes, as a copy. */
    byte[] take(long length) {
        return Arrays.copyOfRange(bytes, skip(length), at);
    }

    /** Passes the next bytes by and returns where they begin. */
    int skip(long length) {
        if (length < 0 || length > bytes.length - at) {
            throw corrupt(
                    "has a value of %d bytes, of which %d are there"
                            .formatted(length, bytes.length - at));
        }
        int from = at;
        at += (int) length;
        return from;
    }

    /** What there is to read from; not to be changed. */
    byte[] array() {
        return bytes;
    }

    IllegalStateException corrupt(String how) {
        return new IllegalStateException("stored state %s (at byte %d)".formatted(how, at));
    }
}
