package io.tidemark.standalone.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the frames of an event stream in bytes as they come, and in each its {@code id}, what its
 * {@code event} says of the end, and two numbers of its {@code data}, without parsing JSON: the
 * simulator's clock, which is a number of at least {@value #CLOCK_DIGITS_MIN} digits with a space
 * behind it, and the event's {@code at}, the first number of {@value #STAMP_DIGITS} digits.
 *
 * <p>Line ends are line feeds, as the servers that are measured write them. Confined to one thread.
 */
final class FrameScanner {
    private static final int CLOCK_DIGITS_MIN = 9;
    private static final int STAMP_DIGITS = 13;
    private static final int TYPE_BYTES_MAX = 64;
    private static final List<byte[]> COMPLETED =
            List.of(ascii("stream.completed"), ascii("response.completed"));
    private static final List<byte[]> FAILED =
            List.of(
                    ascii("stream.failed"),
                    ascii("response.failed"),
                    ascii("response.incomplete"),
                    ascii("error"));

    private enum Field {
        NONE,
        ID,
        EVENT,
        DATA,
        OTHER
    }

    private final FrameSink sink;
    private final byte[] type = new byte[TYPE_BYTES_MAX];
    private Field field = Field.NONE;
    private boolean named;
    private int typeBytes;
    private long sequence = -1;
    private long dueAt = -1;
    private long stampedAtMs = -1;
    private boolean data;
    private int digits;
    private long number;

    FrameScanner(FrameSink sink) {
        this.sink = sink;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets the frame that a connection broke off in. */
    void reset() {
        field = Field.NONE;
        endFrame();
    }

    /** Takes the bytes from an index to another, exclusive. */
    void scan(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at =
                    switch (field) {
                        case NONE -> startLine(bytes, at);
                        case ID -> id(bytes, at, to);
                        case EVENT -> event(bytes, at, to);
                        case DATA -> data(bytes, at, to);
                        case OTHER -> skip(bytes, at, to);
                    };
        }
    }

    private int startLine(byte[] bytes, int at) {
        named = false;
        field =
                switch (bytes[at]) {
                    case 'i' -> Field.ID;
                    case 'e' -> Field.EVENT;
                    case 'd' -> Field.DATA;
                    case '\n' -> Field.NONE;
                    default -> Field.OTHER;
                };
        switch (field) {
            case NONE -> dispatch();
            case ID -> sequence = 0;
            case EVENT -> typeBytes = 0;
            case DATA -> data = true;
            case OTHER -> {}
        }
        return at + 1;
    }

    private void dispatch() {
        if (data) {
            sink.frame(sequence, kind(), dueAt, stampedAtMs);
        }
        endFrame();
    }

    private void endFrame() {
        sequence = -1;
        typeBytes = 0;
        dueAt = -1;
        stampedAtMs = -1;
        data = false;
        digits = 0;
        number = 0;
    }

    private FrameSink.Kind kind() {
        if (is(COMPLETED)) {
            return FrameSink.Kind.COMPLETED;
        }
        return is(FAILED) ? FrameSink.Kind.FAILED : FrameSink.Kind.ORDINARY;
    }

    private boolean is(List<byte[]> names) {
        for (var name : names) {
            if (Arrays.equals(name, 0, name.length, type, 0, typeBytes)) {
                return true;
            }
        }
        return false;
    }

    private int id(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == '\n') {
                field = Field.NONE;
                return at + 1;
            }
            if (b >= '0' && b <= '9') {
                sequence = sequence * 10 + b - '0';
            }
        }
        return to;
    }

    private int event(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == '\n') {
                field = Field.NONE;
                return at + 1;
            }
            if (named && b != ' ' && typeBytes < TYPE_BYTES_MAX) {
                type[typeBytes++] = b;
            }
            named |= b == ':';
        }
        return to;
    }

    private int data(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b >= '0' && b <= '9') {
                digits++;
                number = number * 10 + b - '0';
            } else {
                if (digits >= CLOCK_DIGITS_MIN) {
                    found(b);
                }
                digits = 0;
                number = 0;
                if (b == '\n') {
                    field = Field.NONE;
                    return at + 1;
                }
            }
        }
        return to;
    }

    private void found(byte behind) {
        if (behind == ' ') {
            dueAt = number;
        } else if (digits == STAMP_DIGITS && stampedAtMs < 0) {
            stampedAtMs = number;
        }
    }

    private int skip(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                field = Field.NONE;
                return at + 1;
            }
        }
        return to;
    }
}
