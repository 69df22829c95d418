package io.tidemark.edge.internal.access;

/** Tells whom a request is from. Thread-safe. */
public interface Authenticator {
    /** Where no authentication is configured: whatever is presented is not looked at. */
    Authenticator NONE = (_, _) -> new Identity.Anonymous();

    /** Tells whom a request with these credentials is from, if they may ask for that at all. */
    Identity identify(Presented presented, Asked asked);

    /** Whether {@link #identify} may take longer than an I/O thread can wait. */
    default boolean mayWait(Presented presented) {
        return false;
    }
}
