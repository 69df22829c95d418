package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;

/**
 * A pattern of models' names, in which {@code *} stands for anything, and everything else for
 * itself. Immutable; matching takes time linear in the name for each {@code *}.
 *
 * @param text the pattern, 1 to {@value #CHARS_MAX} characters
 */
public record ModelPattern(String text) {
    /** Longest pattern, in characters: as long as a model's name may be in a command. */
    public static final int CHARS_MAX = 256;

    /**
     * The one that says more of a name first: most characters that are no {@code *}, then fewest
     * {@code *}, then the one whose text sorts first.
     */
    public static final Comparator<ModelPattern> MOST_SPECIFIC_FIRST =
            Comparator.comparingInt(ModelPattern::literals)
                    .reversed()
                    .thenComparingInt(ModelPattern::wildcards)
                    .thenComparing(ModelPattern::text);

    public ModelPattern {
        requireNonNull(text, "text");
        if (text.isBlank() || text.length() > CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a pattern must have 1 to %d characters that are not all blank, had %d"
                            .formatted(CHARS_MAX, text.length()));
        }
    }

    /** How many of its characters stand for themselves. */
    public int literals() {
        return text.length() - wildcards();
    }

    private int wildcards() {
        return (int) text.chars().filter(it -> it == '*').count();
    }

    /** Whether a name fits. */
    public boolean fits(String model) {
        var literals = List.of(text.split("\\*", -1));
        if (literals.size() == 1) {
            return model.equals(text);
        }
        var first = literals.getFirst();
        var last = literals.getLast();
        int end = model.length() - last.length();
        return first.length() <= end
                && model.startsWith(first)
                && model.endsWith(last)
                && inOrder(literals.subList(1, literals.size() - 1), model, first.length(), end);
    }

    /* The earliest place of each leaves most room for those behind it. */
    private static boolean inOrder(List<String> literals, String model, int from, int end) {
        int at = from;
        for (var literal : literals) {
            int found = model.indexOf(literal, at);
            if (found < 0 || found + literal.length() > end) {
                return false;
            }
            at = found + literal.length();
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
