package io.tidemark.schemas;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

/**
 * Tokens consumed. Totals are inclusive: {@code input} holds cached and cache-written tokens,
 * {@code output} holds reasoning. An absent field was not reported, which is not zero.
 *
 * @param audioSeconds audio billed by duration, in seconds
 * @param estimated whether the figures are our own estimate rather than the provider's
 * @param raw the provider's own object, verbatim
 */
public record Usage(
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long total,
        @Nullable Long cachedInput,
        @Nullable Long cacheWrite,
        @Nullable Long reasoning,
        @Nullable Long audioInput,
        @Nullable Long audioOutput,
        @Nullable Long textInput,
        @Nullable Long textOutput,
        @Nullable Long imageInput,
        @Nullable Long imageOutput,
        @Nullable Double audioSeconds,
        @Nullable Boolean estimated,
        @Nullable ObjectNode raw) {
    public Usage {
        require("input", input);
        require("output", output);
        require("total", total);
        require("cachedInput", cachedInput);
        require("cacheWrite", cacheWrite);
        require("reasoning", reasoning);
        require("audioInput", audioInput);
        require("audioOutput", audioOutput);
        require("textInput", textInput);
        require("textOutput", textOutput);
        require("imageInput", imageInput);
        require("imageOutput", imageOutput);
        if (audioSeconds != null
                && !(audioSeconds >= 0 && audioSeconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "audioSeconds must be finite and not negative, was " + audioSeconds);
        }
        raw = raw == null ? null : raw.deepCopy();
    }

    /** A usage of which nothing but the totals is known. */
    public static Usage ofTotals(
            @Nullable Long input, @Nullable Long output, @Nullable Long total) {
        return new Usage(
                input, output, total, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    @Override
    public String toString() {
        return "Usage[input=" + input + ", output=" + output + ", total=" + total + "]";
    }

    private static void require(String name, @Nullable Long tokens) {
        if (tokens != null && tokens < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + tokens);
        }
    }
}
