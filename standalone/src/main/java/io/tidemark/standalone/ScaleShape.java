package io.tidemark.standalone;

import java.util.regex.Pattern;

/**
 * How many processes the work is shared by. Immutable.
 *
 * @param workers 1 to {@value #PROCESSES_MAX}
 * @param edges 1 to {@value #PROCESSES_MAX}
 */
record ScaleShape(int workers, int edges) {
    private static final int PROCESSES_MAX = 9;
    private static final Pattern WRITTEN =
            Pattern.compile("([1-" + PROCESSES_MAX + "])x([1-" + PROCESSES_MAX + "])");

    /**
     * Reads one as it is written.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ScaleShape parse(String text) {
        var match = WRITTEN.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "must be workers x edges, each 1 to %d, such as 3x1, was '%s'"
                            .formatted(PROCESSES_MAX, text));
        }
        return new ScaleShape(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    /** What a person calls it. */
    String label() {
        return "%d worker%s, %d edge%s"
                .formatted(workers, workers == 1 ? "" : "s", edges, edges == 1 ? "" : "s");
    }

    /** As it is written: {@code 3x1}. */
    @Override
    public String toString() {
        return workers + "x" + edges;
    }
}
