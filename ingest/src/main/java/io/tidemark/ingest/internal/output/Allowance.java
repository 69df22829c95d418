package io.tidemark.ingest.internal.output;

import io.tidemark.ingest.ResponseLimits;

/**
 * What all items of one response together may hold in memory: each has limits of its own, but the
 * product of limits is none. Confined to one thread.
 */
public final class Allowance {
    private final ResponseLimits limits;
    private int items;
    private int lanes;
    private int inputChars;

    public Allowance(ResponseLimits limits) {
        this.limits = limits;
    }

    /** Another item is opened. */
    public void takeItem() {
        ProtocolViolation.requireRoom("output items", items, limits.itemsMax());
        items++;
    }

    /** Another lane is opened. */
    void takeLane() {
        ProtocolViolation.requireRoom("lanes", lanes, limits.lanesMax());
        lanes++;
    }

    /** So much more input is kept. */
    public void takeInput(int chars) {
        if (chars > limits.callInputCharsMax() - inputChars) {
            throw new ProtocolViolation(
                    "The provider sent more than "
                            + limits.callInputCharsMax()
                            + " characters of input for calls that it did not finish.");
        }
        inputChars += chars;
    }

    /** So much less input is kept. */
    public void freeInput(int chars) {
        inputChars -= chars;
    }
}
