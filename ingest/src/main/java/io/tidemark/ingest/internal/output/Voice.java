package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.DeltaBody.Speaker;

import org.jspecify.annotations.Nullable;

/**
 * Whose voice a lane of a transcript is of, and when it was heard.
 *
 * @param speaker the provider's name of the speaker
 * @param startMs from the beginning of the audio
 * @param endMs from the beginning of the audio
 */
public record Voice(
        Speaker role,
        @Nullable String speaker,
        @Nullable Long startMs,
        @Nullable Long endMs,
        @Nullable String language) {
    public Voice {
        requireNonNull(role, "role");
    }

    /** A voice of which nothing else is known. */
    public static Voice of(Speaker role) {
        return new Voice(role, null, null, null, null);
    }

    /** Whether anything is known of it but whose it is. */
    boolean described() {
        return speaker != null || startMs != null || endMs != null || language != null;
    }
}
