package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A partition whose streams we write: what is open in it, and what its next command means.
 *
 * <pre>
 *   claiming --the claim is in the log--&gt; surveying
 *
 *   surveying --nothing open, or all of it leased-----------------------------&gt; live --&gt; departed
 *      ^  |                                                                    ^  |
 *      |  +--open starts--&gt; taking over --fenced and read back--&gt; replaying --+  |
 *      |                                                             |    ^       |
 *      +-------------- backlog did not fit --------------------------+    +-------+
 *                                                       a lease lapsed, fenced and read back
 *
 *   taking over, live --somebody claimed it after us--&gt; outranked --it is ours still--&gt; departed
 * </pre>
 *
 * <p><em>Claiming</em> writes the record whose offset is our epoch: what is before it is the
 * backlog, what comes behind it is ours to act on, and nobody who claimed before it can outrank us.
 * <em>Surveying</em> reads the commands from the committed offset to our claim, and notes which
 * starts have no done record that counts. <em>Taking over</em> fences those streams, with the
 * partition paused. <em>Replaying</em> reads the same commands again and opens each of those
 * streams where it stands. <em>Live</em> acts on commands as they come, and leaves those streams
 * alone that somebody else holds a lease of. <em>Outranked</em> it takes nothing more until the
 * group has said whose it is. <em>Departed</em> it is somebody else's: streams in flight go on, and
 * what commands say of them is heeded.
 *
 * <p>Confined to the command loop's thread.
 */
final class OwnedPartition implements StreamRun.Owner {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnedPartition.class);

    private sealed interface Phase {}

    private record Claiming() implements Phase {}

    private record Surveying(Backlog backlog) implements Phase {}

    private record TakingOver(Backlog backlog) implements Phase {}

    /* Up to an offset, for streams that were taken over; some were cancelled meanwhile. */
    private record Replaying(
            long end, Predicate<StreamId> cancelled, Map<StreamId, Inherited> waiting)
            implements Phase {}

    private record Live() implements Phase {}

    private record Outranked() implements Phase {}

    private record Departed() implements Phase {}

    private final int partition;
    private final IngestLimits limits;
    private final StreamLauncher launcher;
    private final Intake intake;
    private final LongConsumer seek;
    private final CountDownLatch released = new CountDownLatch(1);
    private final OpenStarts open = new OpenStarts();
    private final Map<StreamId, StreamRun> runs = new LinkedHashMap<>();
    private final LeasedStreams leased = new LeasedStreams();
    private final Presences presences;
    private final RememberedIds ended;
    private final RememberedIds cancelledEarly;
    private Phase phase = new Claiming();
    private long epoch;
    private boolean takingLapsed;
    private boolean leaseDue;
    /* While a record is taken: whether reading goes on elsewhere. */
    private boolean sought;
    private long next;
    private boolean full;

    /**
     * @param from the committed offset, where reading begins
     * @param intake reads its commands
     * @param presences knows of no stream yet
     * @param seek makes the consumer read on from an offset of this partition
     */
    OwnedPartition(
            int partition,
            long from,
            IngestLimits limits,
            StreamLauncher launcher,
            Intake intake,
            Presences presences,
            LongConsumer seek) {
        this.partition = partition;
        this.next = from;
        this.limits = limits;
        this.launcher = launcher;
        this.intake = intake;
        this.presences = presences;
        this.seek = seek;
        this.ended = new RememberedIds(limits.idsRememberedMax());
        this.cancelledEarly = new RememberedIds(limits.idsRememberedMax());
    }

    /** Writes our claim; nothing is read before it is in the log. */
    void claim() {
        launcher.claim(partition, released, this::claimed);
    }

    /** Whether its claim is not in the log yet. */
    boolean isClaiming() {
        return phase instanceof Claiming;
    }

    private void claimed(long offset) {
        if (released.getCount() == 0) {
            return;
        }
        epoch = offset;
        phase = new Surveying(backlog());
    }

    private Backlog backlog() {
        return new Backlog(surveyEnd(), limits.backlogStreamsMax(), limits.idsRememberedMax());
    }

    /* Exclusive: our claim is from before our time, so that reading always comes that far. */
    private long surveyEnd() {
        return epoch + 1;
    }

    int partition() {
        return partition;
    }

    /**
     * Acts on the next command.
     *
     * @return false if it cannot be taken now: reading goes on there, or further back, once {@link
     *     #paused} is over
     */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        sought = false;
        boolean taken = takeNow(record);
        if (!taken && !sought) {
            seek.accept(record.offset());
        }
        return taken;
    }

    private boolean takeNow(ConsumerRecord<byte[], byte[]> record) {
        reached(record.offset());
        if (sought || takesNothing()) {
            return false;
        }
        var command = intake.read(record);
        if (command.isEmpty()) {
            passed(record.offset());
            return true;
        }
        leased.passed(record.timestamp());
        if (command.get() instanceof Lease lease) {
            leased.renew(lease, record.timestamp());
        }
        presences.read(record.timestamp(), command.get()).forEach(this::desert);
        return switch (phase) {
            case Claiming _, TakingOver _, Outranked _ -> false;
            case Surveying(var backlog) -> {
                survey(record, command.get(), backlog);
                yield true;
            }
            case Replaying replaying -> replay(record.offset(), command.get(), replaying);
            case Live _ -> act(record, command.get());
            case Departed _ -> {
                overhear(command.get());
                yield true;
            }
        };
    }

    private void survey(ConsumerRecord<byte[], byte[]> record, Command command, Backlog backlog) {
        boolean second = command instanceof Command.Start start && knows(start.requestId());
        if (second || !backlog.add(record.offset(), record.timestamp(), command)) {
            duplicate(record, (Command.Start) command);
        }
    }

    private boolean knows(StreamId id) {
        return runs.containsKey(id) || leased.contains(id) || ended.contains(id);
    }

    /* Unless it is the same one, read again. */
    private void duplicate(ConsumerRecord<byte[], byte[]> record, Command.Start start) {
        if (!open.isAt(record.offset(), start.requestId())) {
            intake.duplicate(record);
        }
    }

    /** Whether {@link #reached} makes a difference now. */
    boolean awaitsPosition() {
        return phase instanceof Surveying || phase instanceof Replaying;
    }

    /** The consumer has read everything before this offset. */
    void reached(long position) {
        if (phase instanceof Surveying(var backlog) && position >= surveyEnd()) {
            surveyed(backlog);
        }
        if (phase instanceof Replaying replaying && position >= replaying.end()) {
            replayed(replaying);
        }
    }

    private void surveyed(Backlog backlog) {
        backlog.offsets().forEach(open::add);
        backlog.leaveLeased(leased);
        backlog.offsets().keySet().stream()
                .filter(id -> leased.contains(id) && backlog.cancelled(id))
                .forEach(cancelledEarly::add);
        leaseDue = !leased.isEmpty();
        var orphans = backlog.orphans();
        if (orphans.isEmpty()) {
            upTo(Math.max(next, backlog.end()));
            return;
        }
        phase = new TakingOver(backlog);
        LOGGER.atInfo()
                .addKeyValue("partition", partition)
                .addKeyValue("streams", orphans.size())
                .log("taking over open streams");
        launcher.takeOver(
                partition,
                epoch,
                orphans,
                released,
                found -> inherited(found, backlog.end(), backlog::cancelled),
                this::outranked);
    }

    private void inherited(
            Map<StreamId, Inherited> found, long end, Predicate<StreamId> cancelled) {
        var waiting = new HashMap<>(found);
        waiting.keySet().removeIf(id -> !open.contains(id)); // what has ended meanwhile
        var first = open.first(waiting.keySet());
        if (released.getCount() == 0 || first.isEmpty()) {
            return;
        }
        waiting.keySet().forEach(leased::remove);
        phase = new Replaying(end, cancelled, waiting);
        seek.accept(first.getAsLong());
    }

    /** Takes over what others have let lapse. */
    void tend() {
        if (!(phase instanceof Live) || takingLapsed) {
            return;
        }
        var lapsed = leased.takeLapsed();
        if (!lapsed.isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("streams", lapsed.size())
                    .log("taking over streams whose lease has lapsed");
            takingLapsed = true;
            launcher.takeOver(
                    partition,
                    epoch,
                    lapsed,
                    released,
                    found -> {
                        takingLapsed = false;
                        inherited(found, next, cancelledEarly::contains);
                    },
                    this::outranked);
        }
    }

    /*
     * Somebody has claimed it after us. It may be a worker that is its owner no more and has not
     * noticed, so the group is asked; until then nothing that follows is ours to act on.
     */
    private void outranked() {
        if (released.getCount() > 0) {
            release();
            phase = new Outranked();
        }
    }

    /** Whether the group has to be asked whose it is. */
    boolean isOutranked() {
        return phase instanceof Outranked;
    }

    private boolean takesNothing() {
        return phase instanceof Claiming
                || phase instanceof TakingOver
                || phase instanceof Outranked;
    }

    /** It is somebody else's now: what is in flight goes on, nothing else does. */
    void depart() {
        release();
        phase = new Departed();
    }

    private void replayed(Replaying replaying) {
        var waiting = replaying.waiting();
        if (!waiting.isEmpty()) {
            /* Retention removed the starts meanwhile: nobody can tell what they asked for. */
            LOGGER.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("streams", waiting.size())
                    .log("starts expired before they could be taken over");
            waiting.keySet().forEach(open::remove);
        }
        upTo(replaying.end());
    }

    private void upTo(long offset) {
        next = offset;
        if (offset >= surveyEnd()) {
            phase = new Live();
            return;
        }
        /* What found no room in the last backlog was passed by. */
        phase = new Surveying(backlog());
        sought = true;
        seek.accept(offset);
    }

    private boolean replay(long offset, Command command, Replaying replaying) {
        var waiting = replaying.waiting();
        if (!(command instanceof Command.Start start)) {
            return true;
        }
        var id = start.requestId();
        boolean ours = open.isAt(offset, id) && waiting.containsKey(id);
        if (!ours) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        open(start, waiting.remove(id), replaying.cancelled().test(id));
        return true;
    }

    private boolean act(ConsumerRecord<byte[], byte[]> record, Command command) {
        switch (command) {
            case Command.Start start -> {
                if (!start(record, start)) {
                    return false;
                }
            }
            case Command.Cancel cancel -> cancel(cancel.requestId());
            case Command.Done done -> done(done);
            case Lease lease -> yieldTo(lease);
            case Command.Claim _ -> {
                if (record.offset() > epoch) {
                    outranked();
                    return false;
                }
            }
            case Command.Presence _ -> {} // heeded when it was read
            case Command.Unknown _ -> {} // counted when it was read
        }
        passed(record.offset());
        return true;
    }

    private void passed(long offset) {
        if (phase instanceof Live) {
            next = offset + 1;
        }
    }

    private boolean start(ConsumerRecord<byte[], byte[]> record, Command.Start start) {
        var id = start.requestId();
        long offset = record.offset();
        if (knows(id)) {
            duplicate(record, start);
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        open.add(id, offset);
        open(start, null, cancelledEarly.remove(id));
        return true;
    }

    private boolean hasRoom() {
        full = !launcher.room();
        return !full;
    }

    private void open(Command.Start start, @Nullable Inherited inherited, boolean cancelled) {
        var run = launcher.open(start, epoch, inherited, cancelled, this);
        runs.put(run.id(), run);
        presences.watch(start, inherited != null);
    }

    private void desert(StreamId id) {
        var run = runs.get(id);
        if (run != null) {
            run.desert();
        }
    }

    private @Nullable StreamRun forget(StreamId id) {
        presences.forget(id);
        return runs.remove(id);
    }

    private void cancel(StreamId id) {
        var run = runs.get(id);
        if (run != null) {
            run.cancel();
        } else if (!ended.contains(id)) {
            cancelledEarly.add(id);
        }
    }

    /*
     * Our own counts when it is read, not when it is acknowledged: then nobody had claimed the
     * partition before it, so the terminal it speaks of is what readers have. That of somebody
     * before us only ends the waiting.
     */
    private void done(Command.Done done) {
        var id = done.requestId();
        if (done.epoch() == epoch) {
            open.remove(id);
        } else {
            leased.lapse(id);
        }
    }

    /* Somebody else has fenced what we write: nobody would read any more of it. */
    private void yieldTo(Lease lease) {
        for (var stream : lease.open()) {
            var run = runs.get(stream.requestId());
            if (run != null && run.open().authority().isBelow(stream.authority())) {
                abandon(stream.requestId());
            }
        }
    }

    private void abandon(StreamId id) {
        var run = forget(id);
        if (run != null) {
            LOGGER.atWarn().addKeyValue("streamId", id).log("stream was taken over by another");
            run.abandon();
            ended.add(id);
        }
    }

    /* What concerns the streams that are still in flight. */
    private void overhear(Command command) {
        switch (command) {
            case Command.Cancel cancel -> {
                var run = runs.get(cancel.requestId());
                if (run != null) {
                    run.cancel();
                }
            }
            case Command.Done done -> abandonIfOthers(done);
            case Lease lease -> yieldTo(lease);
            case Command.Presence _ -> {} // heeded when it was read
            case Command.Start _, Command.Claim _, Command.Unknown _ -> {
                // the new owner's
            }
        }
    }

    /* Our own is read as well, before or after we are told of it. */
    private void abandonIfOthers(Command.Done done) {
        var run = runs.get(done.requestId());
        if (run != null && run.open().authority().isBelow(done.authority())) {
            abandon(done.requestId());
        }
    }

    @Override
    public void finished(StreamRun run) {
        if (forget(run.id()) != null) {
            ended.add(run.id());
        }
    }

    /* No lease may vouch for it, and the watermark stays, so that the next owner takes it over. */
    @Override
    public void failed(StreamRun run) {
        forget(run.id());
        ended.add(run.id());
    }

    /** Whether its next command has to wait: for a takeover, or for room for one more stream. */
    boolean paused() {
        return takesNothing() || (full && !hasRoom());
    }

    /**
     * Offset of the oldest start that is not done, or command that is not set aside: where the next
     * owner has to begin.
     */
    long watermark() {
        return intake.watermark(open.firstOr(next));
    }

    /** The streams in flight. */
    Collection<StreamRun> runs() {
        return List.copyOf(runs.values());
    }

    /** Whether a lease is to be written before its time: what it tells is waited for. */
    boolean leaseDue() {
        return leaseDue;
    }

    /**
     * The proof that we are alive; empty if nothing is open. One without streams only tells the
     * time, to whoever waits for the leases of others.
     */
    Optional<Lease> lease(String worker, long at, Duration valid) {
        leaseDue = false;
        if (runs.isEmpty() && leased.isEmpty()) {
            return Optional.empty();
        }
        var streams = runs.values().stream().map(StreamRun::open).toList();
        return Optional.of(
                new Lease(partition, at, worker, valid.toMillis(), List.copyOf(streams)));
    }

    /** It is not ours any more: nothing is opened or taken over from now on. */
    void release() {
        released.countDown();
        intake.close();
    }
}
