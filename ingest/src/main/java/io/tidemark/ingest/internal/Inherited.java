package io.tidemark.ingest.internal;

import io.tidemark.schemas.Attempt;

/**
 * What the log holds of a stream that was taken over, as it stands behind our fence: nobody but us
 * can add to it any more.
 *
 * @param attempt the attempt we write under
 * @param next sequence of the event that is to follow
 * @param ended whether the terminal is there already
 * @param sealed whether some of it is sealed
 * @param content what is open; belongs to whoever ends the stream
 */
record Inherited(Attempt attempt, long next, boolean ended, boolean sealed, OpenContent content) {}
