package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The field that the ciphertext of a sealed event is in (section 17 of the protocol): the last one
 * of an object that says nothing of the content beside it. That it is the last one is what tells a
 * sealed event from a plain one without reading either. Stateless.
 */
public final class SealedField {
    private static final byte[] OPENING = ",\"sealed\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSING = "\"}".getBytes(StandardCharsets.US_ASCII);

    private SealedField() {}

    /** An object with the field as its last one. */
    public static byte[] add(byte[] json, byte[] ciphertext) {
        byte[] text = Base64.getEncoder().encode(ciphertext);
        int kept = json.length - 1;
        var sealed = Arrays.copyOf(json, kept + OPENING.length + text.length + CLOSING.length);
        System.arraycopy(OPENING, 0, sealed, kept, OPENING.length);
        System.arraycopy(text, 0, sealed, kept + OPENING.length, text.length);
        System.arraycopy(CLOSING, 0, sealed, sealed.length - CLOSING.length, CLOSING.length);
        return sealed;
    }

    /** Whether an object has the field. */
    public static boolean isIn(byte[] json) {
        return begin(json) >= 0;
    }

    /** The same object without the field. */
    public static byte[] remove(byte[] json) {
        int begin = begin(json);
        if (begin < 0) {
            return json;
        }
        var plain = Arrays.copyOf(json, begin + 1);
        plain[begin] = '}';
        return plain;
    }

    /** The ciphertext; absent if there is no such field, or no base64 in it. */
    public static byte @Nullable [] ciphertext(byte[] json) {
        int begin = begin(json);
        if (begin < 0) {
            return null;
        }
        return decoded(
                Arrays.copyOfRange(json, begin + OPENING.length, json.length - CLOSING.length));
    }

    /** The bytes of a text in base64; absent if it is none. */
    public static byte @Nullable [] decoded(byte[] base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /* Where the comma before the field is; -1 without one. Of a plain event it reads the last value. */
    private static int begin(byte[] json) {
        int end = json.length - CLOSING.length;
        if (end < 0 || json[end] != '"' || json[end + 1] != '}') {
            return -1;
        }
        int at = end - 1;
        while (at >= 0 && isBase64(json[at])) {
            at--;
        }
        int begin = at + 1 - OPENING.length;
        return begin > 0 && Arrays.equals(json, begin, at + 1, OPENING, 0, OPENING.length)
                ? begin
                : -1;
    }

    private static boolean isBase64(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
    }
}
