package io.tidemark.ingest.internal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import java.util.OptionalLong;

/**
 * Reads one stream back from the log, up to our own fence.
 *
 * <pre>
 *   unfenced --fenced(offset)--&gt; fenced --our fence read--&gt; settled
 *                                   |
 *                                   +-- another's fence of the same attempt came first --&gt; lost:
 *                                       to be fenced again, higher
 * </pre>
 *
 * <p>Outlives the scan that reads it: where one fails, the next goes on. Confined to one thread at
 * a time.
 */
final class ReadBack {
    private final Orphan orphan;
    private final ReaderGuard guard;
    private final Opener opener;
    private final OpenContent content = new OpenContent();
    private final long epoch;
    private Attempt attempt;
    private long fenceOffset = -1;
    private boolean settled;
    private boolean sealed;
    /* Offset up to which everything was read, exclusive; 0 if nothing was. */
    private long read;

    /**
     * @param orphan what is known before anything was read
     * @param epoch the one we fence under
     * @param opener opens what is sealed
     */
    ReadBack(Orphan orphan, long epoch, Opener opener) {
        this.orphan = orphan;
        this.epoch = epoch;
        this.opener = opener;
        this.attempt = orphan.attempt();
        this.guard = orphan.guard();
    }

    StreamId id() {
        return orphan.id();
    }

    /** The one we fence under. */
    long epoch() {
        return epoch;
    }

    /** Where reading has to go on, if that is known. */
    OptionalLong from() {
        return read > 0 ? OptionalLong.of(read) : orphan.from();
    }

    /** Epoch milliseconds at which reading has to begin, if nothing else is known. */
    long earliest() {
        return orphan.earliest();
    }

    /** The partition was read up to this offset, exclusive. */
    void passed(long offset) {
        read = Math.max(read, offset);
    }

    /**
     * The next record of the stream in log order; one that was passed is not read again.
     *
     * @throws org.apache.kafka.common.KafkaException if it is sealed, and it is not known whether
     *     there is a key; nothing of it was taken, and it is to be added again
     */
    void add(long offset, EventRecord record) {
        if (settled || offset < read) {
            return;
        }
        switch (record) {
            case EventRecord.Entry entry -> add(entry);
            case EventRecord.Fence fence -> {
                if (offset == fenceOffset) {
                    settled = guard.attempt().isBelow(attempt);
                    fenceOffset = -1;
                }
                guard.fence(fence.attempt());
            }
            case EventRecord.Foreign _ -> {} // not ours to read
        }
    }

    private void add(EventRecord.Entry entry) {
        var opened = opener.open(entry);
        if (guard.admit(entry.headers()) != Verdict.ACCEPTED) {
            return;
        }
        sealed |= Opener.isSealed(entry);
        try {
            content.add(EventCodec.decode(opened.value()));
        } catch (MalformedRecordException e) {
            /* It has its sequence, so readers count it; there is nothing in it that could be closed. */
        }
    }

    /**
     * The attempt to fence with: higher than any that was seen.
     *
     * @throws OutrankedException if one was seen that we cannot outrank
     */
    Attempt nextAttempt() {
        if (isOutranked()) {
            throw outranked();
        }
        attempt = highest().next(epoch);
        return attempt;
    }

    /** Whether only a higher epoch than ours could take it over. */
    boolean isOutranked() {
        return highest().compareTo(new Attempt(epoch, Attempt.NUMBER_MAX)) >= 0;
    }

    /** That it is. */
    OutrankedException outranked() {
        return new OutrankedException(epoch, highest().epoch());
    }

    /** The highest attempt that is known to have been used. */
    Attempt highest() {
        return attempt.max(guard.attempt());
    }

    /** Our fence is in the log. */
    void fenced(long offset) {
        fenceOffset = offset;
    }

    /** Whether our fence was read and nobody had the attempt before us. */
    boolean settled() {
        return settled;
    }

    Inherited inherited() {
        return new Inherited(attempt, guard.next(), guard.ended(), sealed, content);
    }
}
