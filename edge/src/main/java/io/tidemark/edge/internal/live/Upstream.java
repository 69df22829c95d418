package io.tidemark.edge.internal.live;

/**
 * What a sink tells whoever writes to it: a {@link Reader}, or a sink in between. Confined to the
 * reader's loop.
 */
public interface Upstream {
    /** The sink keeps something that it was not given by the last write: wait. */
    void busy();

    /** The sink has written what it kept. */
    void writable();

    /** Half of the longest silence that there may be has gone by. */
    void heartbeat();

    /** The client is gone, or is not interested any more. */
    void disconnected();
}
