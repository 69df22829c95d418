package io.tidemark.faults;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether two events are the same bytes without keeping them: the first 64 bits of SHA-256.
 */
final class Digest {
    private Digest() {}

    static long of(byte[] bytes) {
        return ByteBuffer.wrap(digest(bytes)).getLong();
    }

    /** All of it, in lower-case hex, as {@code content.completed} has it. */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest(bytes));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
