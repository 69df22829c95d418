package io.tidemark.auditor.internal;

import io.tidemark.auditor.internal.FoldedResults.Prints;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A stream while a partition is read: its content until it has ended, then fingerprints. Confined
 * to the thread that replays.
 */
final class FoldingStream {
    private static final long NOT_SEEN = -1;

    private final StreamId id;
    private final Topics topics;
    private final OpenBytes memory;
    private final Opener opener;
    private @Nullable StreamFold fold;
    private boolean unfolded;
    private boolean sealed;
    private boolean headless;
    private boolean started;
    private boolean ended;
    private long bytesTaken;
    private long firstOffset = NOT_SEEN;
    private long lastOffset = NOT_SEEN;
    private long endedAt;
    private @Nullable Prints prints;

    /**
     * A stream of which nothing was read yet.
     *
     * @param memory for the content of all streams that are open at a time
     * @param opener opens what is sealed
     */
    FoldingStream(StreamId id, Topics topics, OpenBytes memory, Opener opener) {
        this.id = id;
        this.topics = topics;
        this.memory = memory;
        this.opener = opener;
        this.fold = new StreamFold(id, topics.events().messageBytesMax());
    }

    void fence(Attempt attempt) {
        if (fold != null) {
            fold.fence(attempt);
        }
    }

    void event(EventRecord.Entry entry, ConsumerRecord<byte[], byte[]> record) {
        if (fold == null) {
            return; // over, and nothing that follows counts
        }
        if (!fold.admits(entry.headers())) {
            headless |= !fold.started();
            return;
        }
        started = true;
        firstOffset = firstOffset == NOT_SEEN ? record.offset() : firstOffset;
        lastOffset = record.offset();
        keep(entry, fold);
        if (fold.ended()) {
            end(fold, record.timestamp());
        }
    }

    /* Without its content the stream is followed on, for it has an end all the same. */
    private void keep(EventRecord.Entry entry, StreamFold into) {
        long bytes = OpenBytes.of(entry.value().length);
        if (!unfolded && memory.take(bytes)) {
            bytesTaken += bytes;
            var opened = opener.opened(entry);
            sealed |= opened.isEmpty();
            into.add(opened.orElseGet(() -> Opener.rest(entry)));
        } else if (!unfolded) {
            unfolded = true;
            into.forget();
            giveBack();
        }
    }

    private void end(StreamFold whole, long appendedAt) {
        ended = true;
        endedAt = appendedAt;
        prints =
                unfolded
                        ? null
                        : FoldedResults.of(whole.fold(), topics)
                                .map(FoldedResults::prints)
                                .orElse(null);
        forget();
    }

    /** Nothing more comes of it: what it holds is given back. */
    void forget() {
        fold = null;
        giveBack();
    }

    private void giveBack() {
        memory.give(bytesTaken);
        bytesTaken = 0;
    }

    StreamId id() {
        return id;
    }

    /** Whether it has an event that counts. */
    boolean started() {
        return started;
    }

    /** Whether events were there before which a start should be. */
    boolean headless() {
        return headless && !started;
    }

    boolean ended() {
        return ended;
    }

    /** Whether its content did not fit into the memory. */
    boolean unfolded() {
        return unfolded;
    }

    /** Whether what it says is sealed, and there is no key for it. */
    boolean sealed() {
        return sealed;
    }

    /** Where its first event is. */
    long firstOffset() {
        return firstOffset;
    }

    /** Where its last event is; the terminal one if it has ended. */
    long lastOffset() {
        return lastOffset;
    }

    /** When the log took its terminal event, in epoch milliseconds. */
    long endedAt() {
        return endedAt;
    }

    /** What is to be published; absent while it is open, and if that is nothing. */
    @Nullable Prints prints() {
        return prints;
    }
}
