package io.tidemark.edge.internal.access;

import java.util.Arrays;
import java.util.Optional;

/** What a capability is good for. Each is good for that alone. */
public enum Scope {
    /** To read the events and the response. */
    READ("read", 0),
    /** To stop the stream. */
    CANCEL("cancel", 1);

    private final String wire;
    private final byte code;

    Scope(String wire, int code) {
        this.wire = wire;
        this.code = (byte) code;
    }

    /** The byte that stands for it in a token. */
    byte code() {
        return code;
    }

    /** The scope that a byte stands for, if it stands for one. */
    static Optional<Scope> of(byte code) {
        return Arrays.stream(values()).filter(scope -> scope.code == code).findFirst();
    }

    /** Its name in requests and answers. */
    public String wire() {
        return wire;
    }
}
