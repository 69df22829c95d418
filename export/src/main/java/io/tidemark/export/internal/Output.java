package io.tidemark.export.internal;

import io.tidemark.export.Destination;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A destination that is open. Closed before it is complete, a file is as if it had never been. */
public abstract class Output implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final OutputStream stream;

    Output(OutputStream stream) {
        this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
    }

    /**
     * Opens a destination.
     *
     * @throws IOException if it cannot be written
     */
    public static Output to(Destination destination) throws IOException {
        return switch (destination) {
            case Destination.File(var path) -> AtomicFile.at(path);
            case Destination.Stream(var stream) -> new Shared(stream);
        };
    }

    /** What takes the bytes; buffered. */
    public final OutputStream stream() {
        return stream;
    }

    /** Everything was written: hands over what is buffered, and makes it what others see. */
    public void complete() throws IOException {
        stream.flush();
    }

    @Override
    public abstract void close() throws IOException;

    /** Somebody else's stream: whatever was written stays. */
    private static final class Shared extends Output {
        private Shared(OutputStream stream) {
            super(stream);
        }

        @Override
        public void close() {}
    }
}
