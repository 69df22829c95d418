package io.tidemark.devkit.internal;

/** Something that waits for the moment of a token, and may be told not to. */
interface Waiter {

    /** Waits, and says whether nobody waits for the token any more. */
    boolean goneWithin(long nanos);

    /** Whether nobody waits for the token any more. */
    boolean isGone();
}
