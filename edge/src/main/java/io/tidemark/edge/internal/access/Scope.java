package io.tidemark.edge.internal.access;

/** What a capability is good for. Each is good for that alone. */
public enum Scope {
    /** To read the events and the response. */
    READ("read"),
    /** To stop the stream. */
    CANCEL("cancel");

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    /** Its name in requests and answers. */
    public String wire() {
        return wire;
    }
}
