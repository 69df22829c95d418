package io.tidemark.ingest.internal.anthropic;

import io.tidemark.ingest.internal.output.ProtocolViolation;

import org.jspecify.annotations.Nullable;

/**
 * Counts what is kept of blocks until they end: what a provider wants back unread, and input that
 * it stated when the block began. Confined to one thread.
 */
final class KeptText {
    /** Most of it, in characters, all blocks of a message together. */
    static final int CHARS_MAX = 4 * 1024 * 1024;

    private int chars;

    /** What is kept from here on: the newer text in place of the older, if there is a newer one. */
    @Nullable String newer(@Nullable String older, @Nullable String newer) {
        if (newer == null) {
            return older;
        }
        free(older);
        if (newer.length() > CHARS_MAX - chars) {
            throw new ProtocolViolation(
                    "The provider sent more than "
                            + CHARS_MAX
                            + " characters of signatures and input in blocks that it did not end.");
        }
        chars += newer.length();
        return newer;
    }

    /** The text is kept no longer. */
    void free(@Nullable String text) {
        chars -= text == null ? 0 : text.length();
    }
}
