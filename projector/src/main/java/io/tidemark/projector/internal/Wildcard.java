package io.tidemark.projector.internal;

/**
 * A pattern in which {@code *} stands for any text, none included. Matching takes at most the
 * product of both lengths, whatever the pattern. Immutable.
 */
record Wildcard(String pattern) {
    /** Whether it fits all of a text. */
    boolean fits(String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                retry = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                /* The last star takes one character more; those before it need not change. */
                in = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        return pattern.substring(in).replace("*", "").isEmpty();
    }
}
