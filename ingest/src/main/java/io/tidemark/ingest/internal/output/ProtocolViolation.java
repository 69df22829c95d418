package io.tidemark.ingest.internal.output;

/**
 * The provider sent what cannot be read, or more than a stream may hold; the stream ends with
 * {@code protocol_error}. The message is ours and quotes nothing.
 */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolation(String message) {
        super(message, null, false, false);
    }

    /** Something that a stream may hold at most so many of. */
    public static void requireRoom(String what, int held, int max) {
        if (held >= max) {
            throw new ProtocolViolation(
                    "The provider's stream holds more than " + max + " " + what + ".");
        }
    }
}
