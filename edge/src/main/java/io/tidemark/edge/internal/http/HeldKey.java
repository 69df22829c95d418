package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StartWord;
import io.tidemark.schemas.StreamId;

/**
 * What the log says of the key of a start, and how one more word changes that. All edges come to
 * the same, since nothing but the log goes in. Immutable.
 *
 * @param id the stream of the key
 * @param fingerprint of what was asked for
 * @param claimant the claim whose maker may start the stream
 * @param heldUntilMs until when nobody else may, in the log's time
 * @param claimedAtMs when the key was claimed last, by whomever, in the log's time
 * @param started whether the start is in the log of commands
 */
record HeldKey(
        StreamId id,
        String fingerprint,
        String claimant,
        long heldUntilMs,
        long claimedAtMs,
        boolean started) {

    /** Of a key that nobody has claimed before, or so long ago that it does not count. */
    static HeldKey first(StartWord.Claim claim, long appendedAtMs) {
        return new HeldKey(
                claim.requestId(),
                claim.fingerprint(),
                claim.claimant(),
                appendedAtMs + claim.holdMs(),
                appendedAtMs,
                false);
    }

    /**
     * After one more claim. It changes who may start the stream if whoever could has not done so in
     * time, and never which stream it is.
     */
    HeldKey claimed(StartWord.Claim claim, long appendedAtMs) {
        boolean takes =
                !started && appendedAtMs >= heldUntilMs && fingerprint.equals(claim.fingerprint());
        return new HeldKey(
                id,
                fingerprint,
                takes ? claim.claimant() : claimant,
                takes ? appendedAtMs + claim.holdMs() : heldUntilMs,
                Math.max(claimedAtMs, appendedAtMs),
                started);
    }

    /** Once its stream was started. */
    HeldKey whenStarted() {
        return new HeldKey(id, fingerprint, claimant, heldUntilMs, claimedAtMs, true);
    }

    /** Whether at this moment it is so old that it does not count. */
    boolean lapsed(long nowMs, long windowMs) {
        return nowMs - claimedAtMs >= windowMs;
    }
}
