package io.tidemark.ingest.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Length and running SHA-256 of a lane: what {@code content.completed} says of it, without keeping
 * the lane itself. Confined to one thread.
 */
public final class LaneDigest {
    private final MessageDigest digest = sha256Digest();
    private long bytes;

    /**
     * Adds a piece of text.
     *
     * @param wellFormed text without lone surrogates, so that pieces hash as their concatenation
     */
    public void add(String wellFormed) {
        add(wellFormed.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a piece of what is no text. */
    public void add(byte[] piece) {
        digest.update(piece);
        bytes += piece.length;
    }

    /** Length of all pieces, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Lower-case hex of the SHA-256 over all pieces so far. */
    public String sha256() {
        return HexFormat.of().formatHex(soFar());
    }

    /** Whether all pieces so far concatenate to this text. */
    public boolean matches(String text) {
        var encoded = text.getBytes(StandardCharsets.UTF_8);
        return encoded.length == bytes
                && MessageDigest.isEqual(sha256Digest().digest(encoded), soFar());
    }

    private byte[] soFar() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this JDK cannot be read midway", e);
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
