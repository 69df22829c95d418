package io.tidemark.auditor.internal;

import io.tidemark.schemas.ItemBody.ContentCompleted;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/** Length and running hash of one lane, in place of its text. Confined to one thread. */
final class LaneSum {
    private final MessageDigest digest = Fingerprint.sha256();
    private long bytes;
    private boolean open;

    void text(String piece) {
        add(piece.getBytes(StandardCharsets.UTF_8));
    }

    /** A piece of audio; what is not base64 counts as it stands, as it does in the fold. */
    void base64(String piece) {
        try {
            add(Base64.getDecoder().decode(piece));
        } catch (IllegalArgumentException e) {
            text(piece);
        }
    }

    private void add(byte[] piece) {
        digest.update(piece);
        bytes += piece.length;
        /* A piece without text, which only carries something beside it, needs no new sum. */
        open |= piece.length > 0;
    }

    /** Nothing more is expected of it. */
    void close() {
        open = false;
    }

    /** Whether something came since it was last summed up. */
    boolean open() {
        return open;
    }

    Fingerprint soFar() {
        try {
            return Fingerprint.of(bytes, ((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this JDK cannot be read midway", e);
        }
    }

    /** Whether the sum that the writer gave is that of its pieces; a hash may be left out. */
    static boolean matches(ContentCompleted said, Fingerprint found) {
        return said.bytes() == found.bytes()
                && (said.sha256() == null || said.sha256().equals(found.hash()));
    }
}
