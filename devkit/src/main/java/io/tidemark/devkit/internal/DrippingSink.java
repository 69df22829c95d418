package io.tidemark.devkit.internal;

import java.io.IOException;
import java.time.Duration;

/** Sends a body byte by byte, with a wait after each. Confined to the connection's thread. */
final class DrippingSink implements BodySink {

    private final BodySink next;
    private final ClientConnection connection;
    private final long intervalNanos;

    DrippingSink(BodySink next, ClientConnection connection, Duration interval) {
        this.next = next;
        this.connection = connection;
        this.intervalNanos = interval.toNanos();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if the client goes away meanwhile
     */
    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (var position = from; position < from + length; position++) {
            next.write(bytes, position, 1);
            next.flush();
            if (connection.goneWithin(intervalNanos)) {
                throw new IOException("the client has closed");
            }
        }
    }

    @Override
    public void flush() throws IOException {
        next.flush();
    }

    @Override
    public void end() throws IOException {
        next.end();
    }
}
