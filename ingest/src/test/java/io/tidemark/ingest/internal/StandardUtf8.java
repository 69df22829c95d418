package io.tidemark.ingest.internal;

/**
 * "UTF-8 decode" of the WHATWG Encoding standard, transcribed state by state: what browsers do to
 * an event stream before they look for lines. Replaces malformed bytes by U+FFFD and drops one
 * leading byte order mark. Confined to one thread.
 */
final class StandardUtf8 {
    private static final int REPLACEMENT = 0xFFFD;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final StringBuilder text = new StringBuilder();
    private int codePoint;
    private int bytesNeeded;
    private int bytesSeen;
    private int lowerBoundary = 0x80;
    private int upperBoundary = 0xBF;

    private StandardUtf8() {}

    static String decode(byte[] bytes) {
        var decoder = new StandardUtf8();
        for (byte next : bytes) {
            decoder.take(next & 0xFF);
        }
        if (decoder.bytesNeeded != 0) {
            decoder.text.appendCodePoint(REPLACEMENT);
        }
        var text = decoder.text.toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private void take(int next) {
        if (bytesNeeded == 0) {
            lead(next);
        } else if (next < lowerBoundary || next > upperBoundary) {
            reset();
            text.appendCodePoint(REPLACEMENT);
            take(next);
        } else {
            continuation(next);
        }
    }

    private void lead(int next) {
        if (next <= 0x7F) {
            text.append((char) next);
        } else if (next >= 0xC2 && next <= 0xDF) {
            expect(1, next & 0x1F);
        } else if (next >= 0xE0 && next <= 0xEF) {
            lowerBoundary = next == 0xE0 ? 0xA0 : 0x80;
            upperBoundary = next == 0xED ? 0x9F : 0xBF;
            expect(2, next & 0xF);
        } else if (next >= 0xF0 && next <= 0xF4) {
            lowerBoundary = next == 0xF0 ? 0x90 : 0x80;
            upperBoundary = next == 0xF4 ? 0x8F : 0xBF;
            expect(3, next & 0x7);
        } else {
            text.appendCodePoint(REPLACEMENT);
        }
    }

    private void expect(int bytes, int firstBits) {
        bytesNeeded = bytes;
        codePoint = firstBits;
    }

    private void continuation(int next) {
        lowerBoundary = 0x80;
        upperBoundary = 0xBF;
        codePoint = (codePoint << 6) | (next & 0x3F);
        bytesSeen++;
        if (bytesSeen == bytesNeeded) {
            text.appendCodePoint(codePoint);
            reset();
        }
    }

    private void reset() {
        codePoint = 0;
        bytesNeeded = 0;
        bytesSeen = 0;
        lowerBoundary = 0x80;
        upperBoundary = 0xBF;
    }
}
