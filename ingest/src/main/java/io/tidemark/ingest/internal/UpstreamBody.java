package io.tidemark.ingest.internal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes events of the body of an answer: {@link EventStreamBody} of one that is a stream, {@link
 * SniffedBody} of one that may be, {@link RefusalBody} of any other. Each event is handed on as
 * soon as it is known. Confined to the stream's thread.
 */
sealed interface UpstreamBody permits EventStreamBody, SniffedBody, RefusalBody {
    /** What the next bytes give. */
    List<Draft> bytes(ByteBuffer chunk);

    /** What is left to say now that there are no more bytes, whether in good order or not. */
    List<Draft> end();

    /**
     * Whether it is known to be a stream, rather than one whole that says nothing before its end.
     */
    boolean streamed();
}
