package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireBetween;
import static io.tidemark.schemas.FieldException.requireNotNegative;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What edges tell each other of a {@link StartKey}: the values of {@code tidemark.start-keys},
 * section 11.8 of {@code docs/protocol.md}.
 *
 * <pre>{@code
 * switch (StartWord.decode(record.value())) {
 *     case StartWord.Claim claim -> ...
 *     case StartWord.Started started -> ...
 *     case StartWord.Unknown unknown -> ...  // from a newer writer: passed by
 * }
 * }</pre>
 */
public sealed interface StartWord {
    /** When it was written, in epoch milliseconds by the writer's clock. */
    long at();

    /**
     * {@code claim}: an edge asks to be the one that starts the stream of the key.
     *
     * @param requestId the stream, if nobody has named one before
     * @param fingerprint of what is asked for: the same for the same, and nothing can be told from
     *     it by those who do not have the key
     * @param claimant names this claim, and no other
     * @param holdMs for how long nobody else may start the stream, in milliseconds after the claim
     *     was appended, at most {@link #HOLD_MAX}
     */
    record Claim(StreamId requestId, long at, String fingerprint, String claimant, long holdMs)
            implements StartWord {
        /** Longest time that a claim may hold. */
        public static final Duration HOLD_MAX = Duration.ofDays(1);

        private static final int CHARS_MAX = 64;

        public Claim {
            requireNonNull(requestId, "requestId");
            requireNotNegative("at", at);
            requireShort("fingerprint", fingerprint);
            requireShort("claimant", claimant);
            requireBetween("holdMs", holdMs, 0, HOLD_MAX.toMillis());
        }

        private static void requireShort(String field, String value) {
            requireBetween(field, requireNonNull(value, field).length(), 1, CHARS_MAX);
        }
    }

    /** {@code started}: the start of the stream is in the log of commands. */
    record Started(StreamId requestId, long at) implements StartWord {
        public Started {
            requireNonNull(requestId, "requestId");
            requireNotNegative("at", at);
        }
    }

    /** A word of a type this version does not know; readers pass it by, writers never write it. */
    record Unknown(String type, long at) implements StartWord {}

    /** Its JSON. */
    default byte[] encode() {
        var type =
                switch (this) {
                    case Claim _ -> "claim";
                    case Started _ -> "started";
                    case Unknown _ ->
                            throw new IllegalArgumentException("an Unknown word is never written");
                };
        ObjectNode json = Json.MAPPER.createObjectNode().put("type", type);
        json.setAll((ObjectNode) Json.MAPPER.valueToTree(this));
        return Json.bytes(json);
    }

    /**
     * The word these bytes hold.
     *
     * @throws MalformedRecordException if they hold none
     */
    static StartWord decode(byte @Nullable [] value) {
        if (value == null) {
            throw new MalformedRecordException("value", "must not be absent", null);
        }
        var json = Json.object(value);
        return switch (json.path("type").asText("")) {
            case "" -> throw new MalformedRecordException("type", "must be a string", null);
            case "claim" -> Json.read(json, Claim.class);
            case "started" -> Json.read(json, Started.class);
            case String other -> new Unknown(other, json.path("at").asLong(0));
        };
    }
}
