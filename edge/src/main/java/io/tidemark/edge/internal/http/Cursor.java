package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A place in a list, as clients hand it back: an id, and a digest of what list it is. It is not
 * signed: one that somebody makes up is another place in a list of their own. Stateless.
 */
final class Cursor {
    private static final String FIELD = "cursor";
    private static final byte VERSION = 1;
    private static final int DIGEST_BYTES = 8;
    private static final int BYTES = 1 + StreamId.LENGTH + DIGEST_BYTES;

    private Cursor() {}

    /**
     * The cursor of a place.
     *
     * @param id the last id that was looked at
     * @param kind whose list it is, and with what filters
     */
    static String write(StreamId id, String kind) {
        byte[] bytes =
                ByteBuffer.allocate(BYTES).put(VERSION).put(id.key()).put(digest(kind)).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The place of a cursor.
     *
     * @throws ProblemException if it is none, or of another list
     */
    static StreamId read(String text, String kind) {
        var bytes = ByteBuffer.wrap(bytes(text));
        if (bytes.remaining() != BYTES || bytes.get() != VERSION) {
            throw invalid("cursor must be the next of a page before, and was not");
        }
        var id = new byte[StreamId.LENGTH];
        bytes.get(id);
        var digest = new byte[DIGEST_BYTES];
        bytes.get(digest);
        if (!Arrays.equals(digest, digest(kind))) {
            throw invalid("cursor must go with the filters of the page it came with");
        }
        return id(id);
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("cursor must be the next of a page before, and was not");
        }
    }

    private static StreamId id(byte[] key) {
        try {
            return StreamId.ofKey(key);
        } catch (IllegalArgumentException e) {
            throw invalid("cursor must be the next of a page before, and was not");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalid(FIELD, detail));
    }

    private static byte[] digest(String kind) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return Arrays.copyOf(
                    sha256.digest(kind.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
