package io.tidemark.ingest.internal;

import io.tidemark.ingest.internal.LeaseKeeper.Vouched;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The streams of a partition that we write, and what its commands mean to them. They go on when the
 * partition is somebody else's, until the last of them has ended or was taken over.
 *
 * <p>Confined to the command loop's thread; only what it {@linkplain Vouched vouches} for is read
 * by another, which writes it into leases.
 */
final class PartitionStreams implements StreamRun.Owner, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionStreams.class);

    private final StreamLauncher launcher;
    private final Presences presences;
    private final Vouched vouched;
    private final Map<StreamId, StreamRun> runs = new LinkedHashMap<>();
    /* Written here once and no more: ended, failed, or taken over by another. */
    private final RememberedIds over;
    private final RememberedIds cancelledEarly;
    private final RememberedIds failedOnce;
    /* Failed for the first time, and not taken over yet. */
    private final Map<StreamId, Orphan> failed = new LinkedHashMap<>();

    /**
     * @param presences knows of no stream yet
     * @param vouched names no stream yet
     * @param idsMax most streams to remember that are over, and most cancels without a stream
     */
    PartitionStreams(StreamLauncher launcher, Presences presences, Vouched vouched, int idsMax) {
        this.launcher = launcher;
        this.presences = presences;
        this.vouched = vouched;
        this.over = new RememberedIds(idsMax);
        this.cancelledEarly = new RememberedIds(idsMax);
        this.failedOnce = new RememberedIds(idsMax);
    }

    /** Whether we write it, or did. */
    boolean knows(StreamId id) {
        return runs.containsKey(id) || failed.containsKey(id) || over.contains(id);
    }

    /** Whether one more may be opened. */
    boolean hasRoom() {
        return room() > 0;
    }

    /** How many more may be opened. */
    int room() {
        return launcher.room();
    }

    /**
     * We have fenced these and are about to open them: from now on they are ours, by our lease. Who
     * wrote them reads in it that they are not his any more, and if we die the next owner knows
     * that it was our fence.
     */
    void vouch(Map<StreamId, Inherited> fenced) {
        fenced.forEach((id, held) -> {
            var stream = new OpenStream(id, held.attempt(), held.next(), -1);
            vouched.add(id, () -> stream);
        });
        vouched.soon();
    }

    /** They cannot be opened, or not by us. */
    void retract(Collection<StreamId> fenced) {
        fenced.forEach(vouched::remove);
    }

    /** It is nobody's to take over: a later owner may be able to. */
    void leave(StreamId id) {
        over.add(id);
    }

    /**
     * Opens a stream.
     *
     * @param epoch under which we own the partition
     * @param inherited what the log holds of it, if it was taken over
     * @param cancelled whether its end was asked for, as far as it was not asked for here
     */
    void open(Command.Start start, long epoch, @Nullable Inherited inherited, boolean cancelled) {
        boolean early = cancelledEarly.remove(start.requestId());
        var run = launcher.open(start, epoch, inherited, cancelled || early, this);
        runs.put(run.id(), run);
        vouched.add(run.id(), run::open);
        presences.watch(start, inherited != null);
    }

    /**
     * Ends a stream that was taken over and whose start cannot be read any more. It needs no room:
     * no provider is called for it.
     *
     * @param epoch under which we own the partition
     * @param held what the log holds of it
     * @param cancelled whether its end was asked for, as far as it was not asked for here
     */
    void end(StreamId id, long epoch, Inherited held, boolean cancelled) {
        boolean early = cancelledEarly.remove(id);
        var run = launcher.end(id, epoch, held, cancelled || early, this);
        runs.put(id, run);
        vouched.add(id, run::open);
    }

    /** Takes note of who reads what, by the next command in log order. */
    void read(long timestamp, Command command) {
        for (var id : presences.read(timestamp, command)) {
            var run = runs.get(id);
            if (run != null) {
                run.desert();
            }
        }
    }

    /** What concerns the streams that are in flight, when the partition is somebody else's. */
    void overhear(Command command) {
        switch (command) {
            case Command.Cancel cancel -> {
                var run = runs.get(cancel.requestId());
                if (run != null) {
                    run.cancel();
                }
            }
            case Command.Done done -> heed(done);
            case Lease lease -> heed(lease);
            case Command.Presence _ -> {} // heeded when it was read
            case Command.Start _, Command.Claim _, Command.Unknown _ -> {
                // the new owner's
            }
        }
    }

    /** Somebody asks for a stream's end; remembered if it has not begun. */
    void cancel(StreamId id) {
        var run = runs.get(id);
        if (run != null) {
            run.cancel();
        } else if (!over.contains(id)) {
            cancelledEarly.add(id);
        }
    }

    /** Somebody says what he writes. */
    void heed(Lease lease) {
        for (var stream : lease.open()) {
            yieldTo(stream.requestId(), stream.authority());
        }
    }

    /** Somebody says what he has ended: we, or who took it over. */
    void heed(Command.Done done) {
        yieldTo(done.requestId(), done.authority());
    }

    /* Whoever is above us has fenced what we write: nobody would read any more of it. */
    private void yieldTo(StreamId id, Attempt theirs) {
        var run = runs.get(id);
        if (run != null && run.open().authority().isBelow(theirs)) {
            LOGGER.atWarn().addKeyValue("streamId", id).log("stream was taken over by another");
            forget(id);
            over.add(id);
            run.abandon();
        }
    }

    /** None of them is ours any more: from now on nothing is written. */
    void abandon() {
        close();
        runs().forEach(StreamRun::abandon);
    }

    /** Nothing is in flight any more, so there is no lease either. */
    @Override
    public void close() {
        vouched.close();
    }

    @Override
    public void finished(StreamRun run) {
        if (forget(run.id()) != null) {
            over.add(run.id());
        }
    }

    /*
     * No lease may vouch for it, and the watermark stays, so that whoever owns the partition takes
     * it over: we once, and if that fails too the next owner, for it may be the stream that is at
     * fault. Whoever asked for its end is not asked again.
     */
    @Override
    public void failed(StreamRun run) {
        var id = run.id();
        if (forget(id) == null) {
            return;
        }
        if (failedOnce.contains(id)) {
            over.add(id);
            return;
        }
        failedOnce.add(id);
        if (run.isCancelled()) {
            cancelledEarly.add(id);
        }
        failed.put(id, new Orphan(id, id.time().toEpochMilli(), run.open().authority()));
    }

    /** Takes those that have failed for the first time, each once, to be taken over. */
    Collection<Orphan> takeFailed() {
        var taken = List.copyOf(failed.values());
        failed.clear();
        return taken;
    }

    private @Nullable StreamRun forget(StreamId id) {
        presences.forget(id);
        vouched.remove(id);
        return runs.remove(id);
    }

    /** Those in flight. */
    Collection<StreamRun> runs() {
        return List.copyOf(runs.values());
    }

    /** What our lease names. */
    Vouched vouched() {
        return vouched;
    }
}
