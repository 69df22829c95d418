package io.tidemark.auditor.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * A ledger row without its cost, byte for byte, so that everything else of it can be compared by
 * who knows no prices. It looks for the field by the structure of JSON alone, and reads no row.
 * Confined to one thread.
 */
final class CostCut {
    private static final byte[] FIELD = ",\"cost\":{".getBytes(US_ASCII);

    private final byte[] json;
    private int at;
    private int depth;
    private boolean inText;

    private CostCut(byte[] json) {
        this.json = json;
    }

    /** The bytes without the field {@code cost} of the outermost object; the same without one. */
    static byte[] without(byte[] row) {
        return new CostCut(row).cut();
    }

    private byte[] cut() {
        while (at < json.length && !atField()) {
            step();
        }
        if (at == json.length) {
            return json;
        }
        int begin = at;
        at += FIELD.length;
        depth++;
        while (at < json.length && depth > 1) {
            step();
        }
        byte[] rest = Arrays.copyOf(json, json.length - (at - begin));
        System.arraycopy(json, at, rest, begin, json.length - at);
        return rest;
    }

    private boolean atField() {
        return depth == 1
                && !inText
                && at + FIELD.length <= json.length
                && Arrays.equals(json, at, at + FIELD.length, FIELD, 0, FIELD.length);
    }

    private void step() {
        byte next = json[at++];
        if (inText) {
            /* What follows a backslash ends no text. */
            at += next == '\\' && at < json.length ? 1 : 0;
            inText = next != '"';
        } else {
            switch (next) {
                case '"' -> inText = true;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {} // says nothing of the structure
            }
        }
    }
}
