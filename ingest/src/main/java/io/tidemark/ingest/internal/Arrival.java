package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Something that reaches a stream's thread: from the provider, from the owner of the partition,
 * from the log, or by the mere passing of time.
 *
 * <pre>{@code
 * switch (mailbox.take(longest)) {
 *     case Arrival.Granted() -> ...        // a connection to the provider is free
 *     case Arrival.Head head -> ...        // status and headers
 *     case Arrival.Bytes(var chunks) -> ...  // some of the body; ask for more when done with them
 *     case Arrival.End() -> ...            // the body ended as HTTP says it should
 *     case Arrival.Lost(var cause) -> ...  // the connection broke
 *     case Arrival.Stop(var reason) -> ...  // somebody else decided the end
 *     case Arrival.Errand(var task) -> ... // something that is this thread's to do
 *     case Arrival.Silence() -> ...        // nothing, for as long as asked
 * }
 * }</pre>
 */
sealed interface Arrival {
    /** A connection to the provider is free, and now taken. */
    record Granted() implements Arrival {}

    /** The provider answered. */
    record Head(int status, HttpHeaders headers) implements Arrival {
        public Head {
            requireNonNull(headers, "headers");
        }
    }

    /** Some of the body, read-only. */
    record Bytes(List<ByteBuffer> chunks) implements Arrival {
        public Bytes {
            chunks = List.copyOf(chunks);
        }

        @Override
        public String toString() {
            return "Bytes[chunks=" + chunks.size() + "]";
        }
    }

    /** The body ended in good order; whether the stream in it did is another question. */
    record End() implements Arrival {}

    /** There will be no more bytes: refused, reset, timed out while connecting. */
    record Lost(Throwable cause) implements Arrival {}

    /** The end was decided elsewhere. */
    record Stop(StopReason reason) implements Arrival {}

    /** Something that only the stream's thread may do. */
    record Errand(Runnable task) implements Arrival {}

    /** Nothing arrived in the time given. */
    record Silence() implements Arrival {}
}
