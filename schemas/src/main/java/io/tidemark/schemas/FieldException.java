package io.tidemark.schemas;

/**
 * A number that the contract does not allow. The message names the field, what is allowed and what
 * was found; a number is nobody's content.
 */
final class FieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String problem;

    FieldException(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
        this.problem = problem;
    }

    /** The field that is wrong. */
    String field() {
        return field;
    }

    /** The message without the field. */
    String problem() {
        return problem;
    }

    static void requireNotNegative(String field, long found) {
        if (found < 0) {
            throw new FieldException(field, "must not be negative, was " + found);
        }
    }

    static void requireBetween(String field, long found, long min, long max) {
        if (found < min || found > max) {
            throw new FieldException(field, "must be %d to %d, was %d".formatted(min, max, found));
        }
    }
}
