package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.JsonDifference.Extent;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * One way in which what was published of a stream is not what the log folds to. Holds no content.
 *
 * @param topic where it was published, or should have been
 * @param pointer JSON pointer of the place in the value; empty for the whole of it
 * @param folded what the log folds to; absent if that is nothing
 * @param published what was published; absent if that is nothing
 */
public record ReplayDifference(
        String topic,
        Kind kind,
        String pointer,
        @Nullable Extent folded,
        @Nullable Extent published) {
    /** How they differ. */
    public enum Kind {
        /** Another value stands there. */
        CHANGED,
        /** It was not published. */
        MISSING,
        /** It should not have been published. */
        UNEXPECTED,
        /** It was published more than once, where once is all there may be. */
        REPEATED;

        /** The name in reports. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ReplayDifference {
        requireNonNull(topic, "topic");
        requireNonNull(kind, "kind");
        requireNonNull(pointer, "pointer");
    }
}
