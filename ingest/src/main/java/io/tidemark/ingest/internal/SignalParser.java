package io.tidemark.ingest.internal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Finds the events in the bytes of a stream, wherever these are cut: {@link SseParser} where they
 * are an event stream, {@link JsonArrayParser} where they are the elements of one JSON array.
 * Confined to one thread.
 */
public sealed interface SignalParser permits JsonArrayParser, SseParser {
    /** Takes all remaining bytes of the chunk and reports what they complete, in order. */
    void feed(ByteBuffer chunk, Consumer<? super SseSignal> signals);

    /** The bytes have ended: reports the event they ended in, if any. */
    void end(Consumer<? super SseSignal> signals);
}
