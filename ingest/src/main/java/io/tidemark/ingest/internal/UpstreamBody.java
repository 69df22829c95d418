package io.tidemark.ingest.internal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes events of the body of an answer: {@link EventStreamBody} of one that is a stream, {@link
 * RefusalBody} of any other. Each event is handed on as soon as it is known. Confined to the
 * stream's thread.
 */
sealed interface UpstreamBody permits EventStreamBody, RefusalBody {
    /** What the next bytes give. */
    List<Draft> bytes(ByteBuffer chunk);

    /** What is left to say now that there are no more bytes, whether in good order or not. */
    List<Draft> end();
}
