package io.tidemark.projector.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One look at the JSON of an event that tells what such events have in common from what is each
 * one's own: its whole numbers and its text. What they have in common is a template, in which a
 * byte that JSON cannot hold stands for each of those. Confined to one thread; reused.
 *
 * <p>It sees an object on one line as {@link io.tidemark.schemas.EventCodec} writes it. Of anything
 * else it says that it is none, without having to know what it is.
 */
final class EventScan {
    /** Stands for a number in a template. */
    static final byte NUMBER = 0;

    /** Stands for a text in a template. */
    static final byte TEXT = 1;

    /** Most numbers of an event. */
    static final int NUMBERS_MAX = 24;

    private static final int DIGITS_MAX = 18;
    private static final List<byte[]> TEXT_FIELDS = List.of(ascii("\"text\""), ascii("\"base64\""));

    private final ByteSink template = new ByteSink();
    private final long[] numbers = new long[NUMBERS_MAX];
    private byte[] json = new byte[0];
    private int at;
    private int copied;
    private int count;
    private int textFrom;
    private int textLength;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Looks at an event; false if it has no text to tell from the rest, or cannot be told. */
    boolean of(byte[] event) {
        json = event;
        at = 0;
        copied = 0;
        count = 0;
        textFrom = -1;
        template.clear();
        return object() && textFrom >= 0;
    }

    /** What events like this have in common. */
    ByteSink template() {
        return template;
    }

    /** Its numbers in order; more of them than {@link #count} are of earlier events. */
    long[] numbers() {
        return numbers;
    }

    int count() {
        return count;
    }

    /** Where its text begins. */
    int textFrom() {
        return textFrom;
    }

    /** How many bytes it has, escapes included. */
    int textLength() {
        return textLength;
    }

    private boolean object() {
        if (!take('{')) {
            return false;
        }
        do {
            if (!member()) {
                return false;
            }
        } while (take(','));
        if (!take('}') || at != json.length) {
            return false;
        }
        copyUntil(at);
        return true;
    }

    private boolean take(char expected) {
        boolean there = at < json.length && json[at] == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private boolean member() {
        int name = at;
        if (!string()) {
            return false;
        }
        boolean text = textFrom < 0 && isText(name);
        return take(':') && at < json.length && value(text);
    }

    private boolean isText(int name) {
        for (var field : TEXT_FIELDS) {
            if (Arrays.equals(json, name, at, field, 0, field.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean value(boolean text) {
        byte first = json[at];
        if (first == '"') {
            int from = at + 1;
            if (!string()) {
                return false;
            }
            if (text) {
                textFrom = from;
                textLength = at - 1 - from;
                hole(from, TEXT);
                copied = at - 1;
            }
            return true;
        }
        if (first == '[' || first == '{') {
            at++;
            return take(first == '[' ? ']' : '}');
        }
        return (first >= '0' && first <= '9') ? number() : literal();
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        for (; at < json.length; at++) {
            byte now = json[at];
            if (now == '"') {
                at++;
                return true;
            }
            if (now == '\\') {
                at++;
            } else if (now >= 0 && now < ' ') {
                return false;
            }
        }
        return false;
    }

    /* What would not be written again in the same way is no number, but something to be repeated. */
    private boolean number() {
        int from = at;
        long value = 0;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            value = value * 10 + json[at++] - '0';
        }
        int digits = at - from;
        boolean whole = at < json.length && (json[at] == ',' || json[at] == '}');
        if (!whole || digits > DIGITS_MAX || (json[from] == '0' && digits > 1)) {
            return literal();
        }
        if (count == NUMBERS_MAX) {
            return false;
        }
        numbers[count++] = value;
        hole(from, NUMBER);
        copied = at;
        return true;
    }

    private boolean literal() {
        int from = at;
        while (at < json.length && json[at] != ',' && json[at] != '}') {
            if (json[at] <= ' ' || json[at] == '"' || json[at] == '{' || json[at] == '[') {
                return false;
            }
            at++;
        }
        return at > from;
    }

    private void hole(int where, byte mark) {
        copyUntil(where);
        template.put(mark);
    }

    private void copyUntil(int end) {
        template.put(json, copied, end - copied);
        copied = end;
    }
}
