package io.tidemark.devkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model says and how it stops, whatever the API that carries it. Confined to one thread, as
 * its {@link Speech} is.
 *
 * @param parts in order
 * @param end how it stops
 */
record Reply(List<Part> parts, End end) {

    Reply {
        parts = List.copyOf(parts);
    }

    static Reply of(End end, Part... parts) {
        return new Reply(List.of(parts), end);
    }

    /** One thing a model says: {@code Text}, {@code Refusal}, {@code Reasoning}, {@code Call}. */
    sealed interface Part {

        /** Its tokens, in a row. */
        Speech speech();

        /** Text for the reader. */
        record Text(Speech speech) implements Part {}

        /** Text that says no. */
        record Refusal(Speech speech) implements Part {}

        /**
         * Thoughts before the answer.
         *
         * @param paragraphs the tokens of each
         */
        record Reasoning(List<List<String>> paragraphs) implements Part {

            /** Copies the list. */
            public Reasoning {
                paragraphs = paragraphs.stream().map(List::copyOf).toList();
            }

            /** All paragraphs, with an empty line between them. */
            @Override
            public Speech speech() {
                var tokens = new ArrayList<String>();
                for (var paragraph : paragraphs) {
                    var start = tokens.isEmpty() ? "" : "\n\n";
                    tokens.add(start + paragraph.getFirst());
                    tokens.addAll(paragraph.subList(1, paragraph.size()));
                }
                return Speech.of(tokens);
            }
        }

        /**
         * A call of one of the caller's functions.
         *
         * @param name of the function
         * @param speech its arguments as JSON
         */
        record Call(String name, Speech speech) implements Part {}
    }

    /** How a model stops: {@code Complete}, {@code CutOff}, {@code Filtered}, {@code Failed}. */
    sealed interface End {

        /** It has said what it had to say. */
        record Complete() implements End {}

        /** It has said as much as it may. */
        record CutOff() implements End {}

        /** A content filter stopped it. */
        record Filtered() implements End {}

        /** It broke down while speaking. */
        record Failed(String code, String message) implements End {}
    }

    /** How many tokens it takes to say. */
    long tokens() {
        return tokens(parts.stream());
    }

    /** How many of them are thoughts. */
    long reasoningTokens() {
        return tokens(parts.stream().filter(Part.Reasoning.class::isInstance));
    }

    /** Whether the model calls a function. */
    boolean calls() {
        return parts.stream().anyMatch(Part.Call.class::isInstance);
    }

    /** Whether the model says no. */
    boolean refuses() {
        return parts.stream().anyMatch(Part.Refusal.class::isInstance);
    }

    private static long tokens(Stream<Part> parts) {
        return parts.mapToLong(part -> part.speech().count()).sum();
    }

    @Override
    public String toString() {
        return "Reply[" + parts.size() + " parts, " + tokens() + " tokens]";
    }
}
