package io.tidemark.ingest.internal;

import java.time.Duration;

/**
 * What follows a failed attempt.
 *
 * <pre>{@code
 * switch (plan.after(failed)) {
 *     case NextAttempt.Again(var pause) -> ...      // the same provider, after a while
 *     case NextAttempt.Other(var candidate) -> ... // another provider, at once
 *     case NextAttempt.None() -> ...               // the failure is the stream's end
 * }
 * }</pre>
 */
sealed interface NextAttempt {
    /** The same provider again. */
    record Again(Duration pause) implements NextAttempt {}

    /** Another provider, at once. */
    record Other(Candidate candidate) implements NextAttempt {}

    /** The failure stands. */
    record None() implements NextAttempt {}
}
