package io.tidemark.seal;

import java.util.Locale;

/** Why something sealed cannot be opened. Names are stable. */
public enum Unreadable {
    /** No master keys are configured. */
    NO_MASTER_KEYS,
    /** The key was deleted, or there never was one. */
    NO_KEY,
    /** The key is there, and no configured master key opens it. */
    WRONG_MASTER_KEY,
    /** It is not what was sealed in that place under that key. */
    TAMPERED;

    /** The name as a tag of meters, such as {@code no_key}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
