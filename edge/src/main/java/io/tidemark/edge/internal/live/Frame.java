package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is written to a reader for one event: an SSE frame, encoded once and shared by all readers.
 * Immutable; a control frame (a comment, a {@code retry:} line) has no event and sequence -1.
 *
 * @param sequence the event's sequence, which is the frame's {@code id:}
 * @param attempt the attempt under which the event was written
 * @param offset offset of its record
 * @param appendedAtMs when the broker appended the record, in epoch milliseconds
 * @param terminal whether nothing follows it
 * @param presence whether whoever writes the stream heeds who reads it
 * @param dataAt index of the first byte of the event's JSON
 * @param bytes the frame; each call returns a view of its own
 */
public record Frame(
        long sequence,
        Attempt attempt,
        long offset,
        long appendedAtMs,
        boolean terminal,
        boolean presence,
        int dataAt,
        ByteBuffer bytes) {
    /** What a frame costs beside its bytes: the objects around them and its place in an array. */
    static final int OVERHEAD_BYTES = 144;

    private static final int END_BYTES = 2;

    /** A frame without an event. */
    public static Frame control(String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return new Frame(-1, Attempt.NONE, -1, 0, false, false, 0, bytes);
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** The bytes that go out on the wire. */
    public int size() {
        return bytes.remaining();
    }

    /** What the frame costs in memory, about. */
    long cost() {
        return (long) size() + OVERHEAD_BYTES;
    }

    /** Where a reader that has this frame reads on in the log. */
    Cursor after() {
        return new Cursor(sequence + 1, attempt, offset + 1);
    }

    /**
     * The event's JSON as text; where a foreign writer put line breaks into it, with {@code data: }
     * at the start of each further line.
     */
    public String data() {
        var copy = new byte[size() - dataAt - END_BYTES];
        bytes().position(bytes.position() + dataAt).get(copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Frame[sequence=" + sequence + ", offset=" + offset + ", bytes=" + size() + "]";
    }
}
