package io.tidemark.devkit.internal;

import java.io.IOException;

/** Where the bytes of a body go, piece by piece. Confined to one thread. */
interface BodySink {

    /** Takes some of an array; may keep it back until {@link #flush()}. */
    void write(byte[] bytes, int from, int length) throws IOException;

    /** Puts everything taken so far on the wire. */
    void flush() throws IOException;

    /** Ends the body, as the protocol has it. */
    void end() throws IOException;
}
