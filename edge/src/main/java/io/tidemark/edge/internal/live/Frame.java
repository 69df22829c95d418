package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is written to a reader for one event: an SSE frame, encoded once and shared by all readers.
 * Other representations take the event's JSON out of it. Immutable; a control frame (a comment, a
 * {@code retry:} line) has no event and sequence -1.
 *
 * @param kind what it holds
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
        Kind kind,
        long sequence,
        Attempt attempt,
        long offset,
        long appendedAtMs,
        boolean terminal,
        boolean presence,
        int dataAt,
        ByteBuffer bytes) {
    /** What a frame holds. */
    public enum Kind {
        /** An event, its JSON on one line. */
        EVENT,
        /** An event that a foreign writer spread over several lines. */
        SPREAD,
        /** The sequence of the last of some events that this reader is not sent. */
        MARK,
        /** A word of the edge. */
        CONTROL
    }

    /** What a frame costs beside its bytes: the objects around them and its place in an array. */
    static final int OVERHEAD_BYTES = 144;

    private static final int END_BYTES = 2;
    private static final int TYPE_AT = "\nevent: ".length();
    private static final int DATA_BYTES = "\ndata: ".length();

    /** A frame without an event. */
    public static Frame control(String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return new Frame(Kind.CONTROL, -1, Attempt.NONE, -1, 0, false, false, 0, bytes);
    }

    /** A frame that moves a reader's tidemark over events which it is not sent. */
    static Frame mark(long sequence) {
        var bytes = ByteBuffer.wrap(("id: " + sequence + "\n\n").getBytes(StandardCharsets.UTF_8));
        return new Frame(Kind.MARK, sequence, Attempt.NONE, -1, 0, false, false, 0, bytes);
    }

    /**
     * What stands for all events up to a sequence.
     *
     * @param ended whether the last of them is the terminal event
     * @param json on one line
     */
    public static Frame snapshot(long sequence, boolean ended, String json) {
        return FrameEncoder.snapshot(sequence, ended, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it is an event. */
    public boolean event() {
        return kind == Kind.EVENT || kind == Kind.SPREAD;
    }

    /** The event's type, as it stands in the frame. */
    String type() {
        var head = new byte[dataAt];
        bytes().get(head);
        var text = new String(head, StandardCharsets.UTF_8);
        return text.substring(text.indexOf('\n') + TYPE_AT, text.length() - DATA_BYTES);
    }

    /** What it says as JSON on one line: the event, or the tidemark; not for control frames. */
    public ByteBuffer json() {
        return switch (kind) {
            case EVENT -> bytes().slice(dataAt, size() - dataAt - END_BYTES);
            case SPREAD -> utf8(data().replace('\n', ' '));
            case MARK -> utf8("{\"type\":\"tidemark\",\"sequence\":" + sequence + "}");
            case CONTROL -> throw new IllegalStateException("a control frame has no JSON");
        };
    }

    /** The same with a line feed behind it. */
    public ByteBuffer line() {
        if (kind == Kind.EVENT) {
            return bytes().slice(dataAt, size() - dataAt - 1);
        }
        var json = json();
        return ByteBuffer.allocate(json.remaining() + 1).put(json).put((byte) '\n').flip();
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
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

    /** The event's JSON as text, with the line breaks that a foreign writer put into it. */
    public String data() {
        var copy = new byte[size() - dataAt - END_BYTES];
        bytes().position(bytes.position() + dataAt).get(copy);
        var text = new String(copy, StandardCharsets.UTF_8);
        return kind == Kind.SPREAD ? text.replace("\ndata: ", "\n") : text;
    }

    @Override
    public String toString() {
        return "Frame[kind="
                + kind
                + ", sequence="
                + sequence
                + ", offset="
                + offset
                + ", bytes="
                + size()
                + "]";
    }
}
