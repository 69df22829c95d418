package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns a record into the SSE frame that every reader of its stream gets:
 *
 * <pre>
 * id: 7
 * event: text.delta
 * data: {"schemaVersion":1,...}
 * </pre>
 *
 * <p>The data are the record's value, byte for byte, with one exception: what {@link
 * ServerSideFields} names is cut out. A value with line breaks, which our writers never write, is
 * spread over several {@code data:} lines, as the WHATWG's event stream format asks. The same
 * record gives the same bytes at every time and on every edge. Stateless; thread-safe.
 */
final class FrameEncoder {
    private static final byte[] NEXT_LINE = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\n', '\n'};

    private FrameEncoder() {}

    static Frame encode(EventRecord.Entry entry, long offset, long appendedAtMs) {
        var headers = entry.headers();
        byte[] head = head(headers.sequence(), field(headers.type()));
        byte[] data = ServerSideFields.cut(entry);
        boolean spread = hasLineBreak(data);
        byte[] bytes = spread ? joinLines(head, data) : join(head, data);
        return new Frame(
                spread ? Frame.Kind.SPREAD : Frame.Kind.EVENT,
                headers.sequence(),
                headers.attempt(),
                offset,
                appendedAtMs,
                terminal(headers.type()),
                headers.presence(),
                head.length,
                ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    /**
     * A frame for several events: what is known of it beside its JSON is what is known of the last.
     *
     * @param data JSON on one line
     */
    static Frame merged(Frame last, String type, byte[] data) {
        byte[] head = head(last.sequence(), type);
        return new Frame(
                Frame.Kind.EVENT,
                last.sequence(),
                last.attempt(),
                last.offset(),
                last.appendedAtMs(),
                false,
                last.presence(),
                head.length,
                ByteBuffer.wrap(join(head, data)).asReadOnlyBuffer());
    }

    static Frame snapshot(long sequence, boolean ended, byte[] data) {
        byte[] head = head(sequence, "snapshot");
        return new Frame(
                Frame.Kind.EVENT,
                sequence,
                Attempt.NONE,
                -1,
                0,
                ended,
                false,
                head.length,
                ByteBuffer.wrap(join(head, data)));
    }

    private static byte[] head(long sequence, String type) {
        var head = "id: " + sequence + "\nevent: " + type + "\ndata: ";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    /* A line break in a foreign type would let it forge fields of the frame. */
    private static String field(String type) {
        for (int i = 0; i < type.length(); i++) {
            if (breaks(type.charAt(i))) {
                return type.chars()
                        .filter(c -> !breaks(c))
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return type;
    }

    private static boolean breaks(int c) {
        return c == '\r' || c == '\n' || c == 0;
    }

    static boolean terminal(String type) {
        return type.equals(EventType.STREAM_COMPLETED.wire())
                || type.equals(EventType.STREAM_FAILED.wire());
    }

    private static boolean hasLineBreak(byte[] data) {
        for (byte b : data) {
            if (b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    private static byte[] join(byte[] head, byte[] data) {
        return ByteBuffer.allocate(head.length + data.length + END.length)
                .put(head)
                .put(data)
                .put(END)
                .array();
    }

    private static byte[] joinLines(byte[] head, byte[] data) {
        var frame = new ByteArrayOutputStream(head.length + data.length + 64);
        frame.writeBytes(head);
        for (int i = 0; i < data.length; i++) {
            boolean pair = data[i] == '\r' && i + 1 < data.length && data[i + 1] == '\n';
            if (pair) {
                continue;
            }
            if (data[i] == '\n' || data[i] == '\r') {
                frame.writeBytes(NEXT_LINE);
            } else {
                frame.write(data[i]);
            }
        }
        frame.writeBytes(END);
        return frame.toByteArray();
    }
}
