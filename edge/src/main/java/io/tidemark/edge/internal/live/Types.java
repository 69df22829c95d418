package io.tidemark.edge.internal.live;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which types of events a reader wants: names, and beginnings of names with {@code *} behind them.
 * Terminal events are not asked about: every reader gets them. Immutable.
 */
public final class Types {
    /** Most patterns at once. */
    public static final int PATTERNS_MAX = 32;

    /** Most characters of one pattern. */
    public static final int PATTERN_CHARS_MAX = 64;

    /** Every type there is or will be. */
    public static final Types ALL = new Types(Set.of(), List.of(""));

    private static final Pattern PATTERN =
            Pattern.compile("[A-Za-z0-9_.-]{0," + PATTERN_CHARS_MAX + "}\\*?");

    private final Set<String> names;
    private final List<String> beginnings;

    private Types(Set<String> names, List<String> beginnings) {
        this.names = Set.copyOf(names);
        this.beginnings = List.copyOf(beginnings);
    }

    /**
     * Reads patterns with commas between them.
     *
     * @throws IllegalArgumentException if there are too many, or one is empty, too long or no
     *     pattern; its message says what is allowed
     */
    public static Types parse(String text) {
        var patterns = text.split(",", -1);
        if (patterns.length > PATTERNS_MAX) {
            throw new IllegalArgumentException("there may be up to " + PATTERNS_MAX + " patterns");
        }
        var names = new HashSet<String>();
        var beginnings = new ArrayList<String>();
        for (var pattern : patterns) {
            requirePattern(pattern);
            if (pattern.endsWith("*")) {
                beginnings.add(pattern.substring(0, pattern.length() - 1));
            } else {
                names.add(pattern);
            }
        }
        return new Types(names, beginnings);
    }

    private static void requirePattern(String pattern) {
        if (pattern.isEmpty()
                || pattern.length() > PATTERN_CHARS_MAX
                || !PATTERN.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "each pattern has 1 to "
                            + PATTERN_CHARS_MAX
                            + " letters, digits, _, - or dots, and may end with *");
        }
    }

    /** Whether nothing is left out. */
    public boolean all() {
        return beginnings.contains("");
    }

    /** Whether events of this type are wanted. */
    boolean want(String type) {
        if (names.contains(type)) {
            return true;
        }
        for (var beginning : beginnings) {
            if (type.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
