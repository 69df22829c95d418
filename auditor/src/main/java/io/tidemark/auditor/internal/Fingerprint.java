package io.tidemark.auditor.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Length and SHA-256 of something that is compared and not kept. Immutable.
 *
 * @param bytes length
 * @param first the hash's first eight bytes, and so on
 */
record Fingerprint(long bytes, long first, long second, long third, long fourth) {
    static Fingerprint of(byte[] value) {
        return of(value.length, sha256().digest(value));
    }

    static Fingerprint of(long bytes, byte[] hash) {
        var longs = ByteBuffer.wrap(hash);
        return new Fingerprint(
                bytes, longs.getLong(), longs.getLong(), longs.getLong(), longs.getLong());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The hash in lower-case hex. */
    String hash() {
        var hex = HexFormat.of();
        return hex.toHexDigits(first)
                + hex.toHexDigits(second)
                + hex.toHexDigits(third)
                + hex.toHexDigits(fourth);
    }

    /** For a report. */
    String shown() {
        return bytes + " bytes, sha256 " + hash();
    }
}
