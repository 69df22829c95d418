package io.tidemark.faults;

/**
 * What a question was answered with, judged by what was known when it was asked.
 *
 * <pre>{@code
 * switch (verdict) {
 *     case Verdict.Right(var what) -> ...
 *     case Verdict.Unavailable(var reason) -> ...
 *     case Verdict.Wrong(var why) -> ...
 * }
 * }</pre>
 */
sealed interface Verdict {
    /**
     * Nothing is wrong with it.
     *
     * @param what kind of answer, for counts
     */
    record Right(String what) implements Verdict {}

    /** 503, and says why and that one may come back. */
    record Unavailable(String reason) implements Verdict {}

    /**
     * It cannot be true, or is no answer.
     *
     * @param why without any of the model's output
     */
    record Wrong(String why) implements Verdict {}

    /** What an answer is that is none of those expected. */
    static Verdict otherwise(HttpAnswer answer) {
        if (answer.status() != 503) {
            return new Wrong("HTTP %d %s".formatted(answer.status(), answer.reason()));
        }
        if (answer.reason().isEmpty() || !answer.retryAfter()) {
            return new Wrong("503 without a reason or without Retry-After: " + answer.reason());
        }
        return new Unavailable(answer.reason());
    }
}
