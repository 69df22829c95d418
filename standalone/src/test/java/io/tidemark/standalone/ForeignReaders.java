package io.tidemark.standalone;

import io.tidemark.standalone.client.ReceivedEvent;

import java.util.List;

/** A client that others wrote, as it reads some streams at a time, each to its end. */
interface ForeignReaders extends AutoCloseable {
    /** What was taken in so far, by stream and in order. May be called by the test's thread. */
    List<List<ReceivedEvent>> received() throws InterruptedException;

    /** Stops reading. */
    @Override
    void close();
}
