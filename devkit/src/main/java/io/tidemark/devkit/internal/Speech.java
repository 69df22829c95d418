package io.tidemark.devkit.internal;

import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * Text in tokens, each of which is made when it is first asked for, in order; asked for again, it
 * is the same. Confined to one thread.
 */
final class Speech {

    /** Stands for text that is made while it is sent; see {@link FaultyBody}. */
    static final String FILLER = "\uE000";

    private final long count;
    private final LongFunction<String> tokens;
    private final Supplier<String> text;

    private Speech(long count, LongFunction<String> tokens, Supplier<String> text) {
        this.count = count;
        this.tokens = tokens;
        this.text = text;
    }

    /** Tokens known beforehand. */
    static Speech of(List<String> tokens) {
        return new Speech(
                tokens.size(), index -> tokens.get((int) index), () -> String.join("", tokens));
    }

    /**
     * Tokens that are the times at which they are made, for measuring how old they are when they
     * are read.
     *
     * @param clock nanoseconds, by the index of the token, asked once for each
     */
    static Speech clock(int count, LongUnaryOperator clock) {
        var times = new Times(count, clock);
        return new Speech(count, times::token, times::text);
    }

    /** Tokens without end; as a whole, a filler. */
    static Speech endless(List<String> tokens) {
        return new Speech(
                Long.MAX_VALUE, index -> tokens.get((int) (index % tokens.size())), () -> FILLER);
    }

    /** How many tokens there are; {@link Long#MAX_VALUE} for no end. */
    long count() {
        return count;
    }

    String token(long index) {
        return tokens.apply(index);
    }

    /** All tokens in one. */
    String text() {
        return text.get();
    }

    /** Times that have been told stay what they were. */
    private static final class Times {

        private final long[] nanos;
        private final LongUnaryOperator clock;
        private int told;

        Times(int count, LongUnaryOperator clock) {
            this.nanos = new long[count];
            this.clock = clock;
        }

        String token(long index) {
            while (told <= index) {
                nanos[told] = clock.applyAsLong(told);
                told++;
            }
            return nanos[(int) index] + " ";
        }

        String text() {
            var text = new StringBuilder();
            for (var i = 0; i < nanos.length; i++) {
                text.append(token(i));
            }
            return text.toString();
        }
    }
}
