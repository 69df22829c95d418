package io.tidemark.ingest.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes event streams that use every corner of the format: marks, all three line ends, fields with
 * and without colon, values of every kind of text, malformed bytes, and an end anywhere. The same
 * seed gives the same streams. Confined to one thread.
 */
final class EventStreams {
    private static final List<String> NAMES =
            List.of("data", "data", "data", "event", "id", "retry", "");
    private static final List<String> UNKNOWN_NAMES =
            List.of("Data", "dat", "data ", " data", "events", "i\u0000d", "\u00FC", "{\"a\"");
    private static final List<String> SEPARATORS = List.of(":", ":", ": ", ": ", ":  ", "");
    private static final List<String> LINE_ENDS = List.of("\n", "\r", "\r\n");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "a",
                    "two words",
                    "a:b: c",
                    "\t",
                    "\u0000",
                    "1\u00002",
                    "\u007F\u0080\u07FF",
                    "\u0800\u2028\uD7FF\uE000\uFFFD\uFFFF",
                    "\uFEFF",
                    "\uD800\uDC00\uD83D\uDE00\uDBFF\uDFFF",
                    "\u0085\u000B\u000C");
    private static final List<String> TIMES =
            List.of("0", "5", "007", "999999999", "", "-1", "+1", "1.5", "1s", " 7", "\u0661");

    /* Each ends in a byte after which any other may follow; see StandardUtf8 for what they are. */
    private static final int[][] MALFORMED = {
        {0x80},
        {0xBF, 0xBF},
        {0xC0, 0xAF},
        {0xC3},
        {0xE0, 0x80, 0x80},
        {0xE2, 0x82},
        {0xED, 0xA0, 0x80},
        {0xED, 0xBF},
        {0xF0, 0x80, 0x80, 0x80},
        {0xF0, 0x9F, 0x98},
        {0xF4, 0x90, 0x80, 0x80},
        {0xF8, 0x88},
        {0xFF, 0xFE},
    };

    private final Random random;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    EventStreams(long seed) {
        this.random = new Random(seed);
    }

    /** Another stream, of a few dozen lines at most. */
    byte[] next() {
        bytes = new ByteArrayOutputStream();
        marks();
        boolean oneLineEnd = random.nextBoolean();
        var end = oneOf(LINE_ENDS);
        for (int lines = random.nextInt(24); lines > 0; lines--) {
            if (!chance(3)) {
                line();
            }
            write(oneLineEnd ? end : oneOf(LINE_ENDS));
        }
        var stream = bytes.toByteArray();
        return chance(3) ? truncated(stream) : stream;
    }

    private void marks() {
        for (int marks = chance(3) ? 1 + random.nextInt(2) : 0; marks > 0; marks--) {
            write("\uFEFF");
        }
    }

    private void line() {
        var name = chance(8) ? oneOf(UNKNOWN_NAMES) : oneOf(NAMES);
        write(name);
        write(oneOf(SEPARATORS));
        if (name.equals("retry") && !chance(4)) {
            write(oneOf(TIMES));
            return;
        }
        for (int pieces = random.nextInt(4); pieces > 0; pieces--) {
            piece();
        }
    }

    private void piece() {
        if (chance(5)) {
            for (int malformed : MALFORMED[random.nextInt(MALFORMED.length)]) {
                bytes.write(malformed);
            }
        } else {
            write(oneOf(TEXTS));
        }
    }

    private byte[] truncated(byte[] stream) {
        return Arrays.copyOf(stream, random.nextInt(stream.length + 1));
    }

    private boolean chance(int outOf) {
        return random.nextInt(outOf) == 0;
    }

    private String oneOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void write(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
