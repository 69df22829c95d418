package io.tidemark.auditor.internal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;

/**
 * Makes what readers judge records by: the {@link ReaderGuard} they all use, or in tests one with a
 * fault.
 */
interface Readers {
    /** The judgement of one reader of one stream. */
    interface Reader {
        void fence(Attempt attempt);

        Verdict admit(EventHeaders headers);
    }

    /** A reader that expects this sequence next, under this attempt or a higher one. */
    Reader expecting(Attempt attempt, long next);

    /** Readers as they are. */
    static Readers guarded() {
        return (attempt, next) -> {
            var guard = ReaderGuard.resuming(attempt, next);
            return new Reader() {
                @Override
                public void fence(Attempt newAttempt) {
                    guard.fence(newAttempt);
                }

                @Override
                public Verdict admit(EventHeaders headers) {
                    return guard.admit(headers);
                }
            };
        };
    }
}
