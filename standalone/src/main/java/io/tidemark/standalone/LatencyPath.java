package io.tidemark.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;

import java.io.IOException;
import java.util.OptionalLong;

/** A way for a client to reach the provider. Thread-safe. */
interface LatencyPath extends AutoCloseable {
    /** Starts a stream with the provider's native request and opens its events. */
    EventStream open(ObjectNode request) throws IOException, InterruptedException;

    /** The text that an event carries; empty for one that carries none. */
    String text(ReceivedEvent event);

    /** When a worker stamped the event, in milliseconds since the epoch; empty without one. */
    OptionalLong stampedAtMs(ReceivedEvent event);

    /** Whether the event says that its stream came to its end as it should. */
    boolean completed(ReceivedEvent event);

    @Override
    void close();
}
