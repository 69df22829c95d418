package io.tidemark.projector.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What events of one kind of one stream have in common: their JSON without their numbers and their
 * text, see {@link EventScan}. Immutable.
 */
final class Shape {
    private static final byte[] COUNTS = "equence\":".getBytes(StandardCharsets.US_ASCII);

    private final byte[] template;
    private final long steps;
    private final int numbers;

    Shape(byte[] template) {
        this.template = template;
        int found = 0;
        long counting = 0;
        for (int at = 0; at < template.length; at++) {
            if (template[at] == EventScan.NUMBER) {
                counting |= endsWithCounts(template, at) ? 1L << found : 0;
                found++;
            }
        }
        this.numbers = found;
        this.steps = counting;
    }

    private static boolean endsWithCounts(byte[] template, int end) {
        int from = end - COUNTS.length;
        return from >= 0 && Arrays.equals(template, from, end, COUNTS, 0, COUNTS.length);
    }

    byte[] template() {
        return template;
    }

    /** How many numbers its events have. */
    int numbers() {
        return numbers;
    }

    /** How much a number is expected to grow from the first event to the second. */
    long step(int number) {
        return (steps >>> number) & 1;
    }

    /** Writes the JSON of an event. */
    void render(long[] values, byte[] source, int textFrom, int textLength, ByteSink json) {
        int copied = 0;
        int number = 0;
        for (int at = 0; at < template.length; at++) {
            byte mark = template[at];
            if (mark == EventScan.NUMBER || mark == EventScan.TEXT) {
                json.put(template, copied, at - copied);
                copied = at + 1;
                if (mark == EventScan.NUMBER) {
                    json.decimal(values[number++]);
                } else {
                    json.put(source, textFrom, textLength);
                }
            }
        }
        json.put(template, copied, template.length - copied);
    }
}
