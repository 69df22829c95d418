package io.tidemark.devkit.internal;

import java.util.function.Supplier;

/** A piece of a body that is sent as one, encoded when it is. Confined to one thread. */
final class Frame {

    private final boolean token;
    private final Supplier<byte[]> bytes;

    /**
     * A piece of a body.
     *
     * @param token whether it is waited for as a token is
     */
    Frame(boolean token, Supplier<byte[]> bytes) {
        this.token = token;
        this.bytes = bytes;
    }

    boolean token() {
        return token;
    }

    byte[] bytes() {
        return bytes.get();
    }
}
