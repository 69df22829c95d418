package io.tidemark.export.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;

/**
 * Halves of surrogate pairs in JSON. A provider may cut a character in two, and a delta then has an
 * escape such as {@code \ud83d} without its other half. JSON's grammar allows that, and strict
 * readers refuse the whole file for it (RFC 8259, section 8.2; RFC 7493).
 */
final class Surrogates {
    private static final byte[] REPLACEMENT = "fffd".getBytes(US_ASCII);
    private static final int ESCAPE = 6;
    private static final int DIGITS = 4;
    private static final int NONE = -1;

    private Surrogates() {}

    /** Where in some JSON the escapes of halves are that stand alone; none as a rule. */
    static List<Integer> halves(byte[] json) {
        var found = new ArrayList<Integer>();
        int i = 0;
        while (i < json.length) {
            int unit = unitAt(json, i);
            if (unit == NONE) {
                i += json[i] == '\\' ? 2 : 1;
            } else if (isHigh(unit) && isLow(unitAt(json, i + ESCAPE))) {
                i += 2 * ESCAPE;
            } else {
                if (isHigh(unit) || isLow(unit)) {
                    found.add(i);
                }
                i += ESCAPE;
            }
        }
        return found;
    }

    /** The same JSON with U+FFFD in the place of each of these halves. */
    static byte[] mended(byte[] json, List<Integer> halves) {
        var mended = json.clone();
        for (int half : halves) {
            System.arraycopy(REPLACEMENT, 0, mended, half + 2, DIGITS);
        }
        return mended;
    }

    /* The UTF-16 unit that an escape at a place stands for; NONE if there is no such escape. */
    private static int unitAt(byte[] json, int at) {
        if (at + ESCAPE > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return NONE;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return NONE;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private static boolean isHigh(int unit) {
        return unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
    }

    private static boolean isLow(int unit) {
        return unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
    }
}
