package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Counts text that is kept of one response until an event can hold it, such as what a provider
 * wants back unread: each piece is as long as a frame may be. Confined to one thread.
 */
public final class KeptText {
    private final int charsMax;
    private final String what;
    private int chars;

    /**
     * @param charsMax most of it, in characters, all that is kept together
     * @param what what it is, for the message
     */
    public KeptText(int charsMax, String what) {
        this.charsMax = charsMax;
        this.what = requireNonNull(what, "what");
    }

    /**
     * What is kept from here on: the newer text in place of the older, if there is a newer one.
     *
     * @throws ProtocolViolation if there is no room for it
     */
    public @Nullable String newer(@Nullable String older, @Nullable String newer) {
        if (newer == null) {
            return older;
        }
        free(older);
        if (newer.length() > charsMax - chars) {
            throw new ProtocolViolation(
                    "The provider sent more than " + charsMax + " characters of " + what + ".");
        }
        chars += newer.length();
        return newer;
    }

    /**
     * What is kept from here on: the text there was, or else this one.
     *
     * @throws ProtocolViolation if there is no room for it
     */
    public @Nullable String first(@Nullable String known, @Nullable String text) {
        return known == null ? newer(null, text) : known;
    }

    /** The text is kept no longer. */
    public void free(@Nullable String text) {
        chars -= text == null ? 0 : text.length();
    }
}
