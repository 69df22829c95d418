package io.tidemark.ingest.internal.openai;

/**
 * What all items of one response together may hold in memory: each has limits of its own, but the
 * product of limits is none. Confined to one thread.
 */
final class Allowance {
    /** Most lanes of one response; each keeps a running hash. */
    static final int LANES_MAX = 8192;

    /** Most input of calls that are not sent yet, in characters. */
    static final int INPUT_CHARS_MAX = 16 * 1024 * 1024;

    private int lanes;
    private int inputChars;

    /** Another lane is opened. */
    void takeLane() {
        ProtocolViolation.requireRoom("lanes", lanes, LANES_MAX);
        lanes++;
    }

    /** So much more input is kept. */
    void takeInput(int chars) {
        if (chars > INPUT_CHARS_MAX - inputChars) {
            throw new ProtocolViolation(
                    "The provider sent more than "
                            + INPUT_CHARS_MAX
                            + " characters of input for calls that it did not finish.");
        }
        inputChars += chars;
    }

    /** So much less input is kept. */
    void freeInput(int chars) {
        inputChars -= chars;
    }
}
