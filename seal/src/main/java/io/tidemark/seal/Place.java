package io.tidemark.seal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import java.nio.charset.StandardCharsets;

/**
 * What a ciphertext is bound to, so that none can stand in another's place: the associated data of
 * section 17.3 of the protocol. Stateless.
 */
final class Place {
    private Place() {}

    static byte[] ofKey(StreamId id) {
        return bytes("key", id.toString());
    }

    /* The type is last: it is the one part that may have any length and character. */
    static byte[] ofEvent(StreamId id, long sequence, Attempt attempt, String type) {
        return bytes(
                "event",
                id.toString(),
                Long.toString(sequence),
                Long.toString(attempt.epoch()),
                Integer.toString(attempt.number()),
                type);
    }

    static byte[] ofStart(StreamId id, long at) {
        return bytes("stream.start", id.toString(), Long.toString(at));
    }

    private static byte[] bytes(String... parts) {
        return ("tidemark:1\n" + String.join("\n", parts)).getBytes(StandardCharsets.UTF_8);
    }
}
