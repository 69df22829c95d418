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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A partition whose streams we write: what is open in it, and what its next command means.
 *
 * <pre>
 *   surveying --nothing open, or all of it leased-----------------------------&gt; live --+--&gt; departed
 *      ^  |                                                                    ^  |    |
 *      |  +--open starts--&gt; taking over --fenced and read back--&gt; replaying --+  |    |
 *      |                                                             |    ^       |    |
 *      +-------------- backlog did not fit --------------------------+    +-------+    |
 *                                                       a lease lapsed, fenced and read back
 * </pre>
 *
 * <p><em>Surveying</em> reads the commands from the committed offset to the end as it was when we
 * were given the partition, and notes which starts have no done record. <em>Taking over</em> fences
 * those streams, with the partition paused. <em>Replaying</em> reads the same commands again and
 * opens each of those streams where it stands. <em>Live</em> acts on commands as they come, and
 * leaves those streams alone that somebody else holds a lease of. <em>Departed</em> it is somebody
 * else's: streams in flight go on, and what commands say of them is heeded.
 *
 * <p>Confined to the command loop's thread.
 */
final class OwnedPartition implements StreamRun.Owner {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnedPartition.class);

    private sealed interface Phase {}

    private record Surveying(Backlog backlog) implements Phase {}

    private record TakingOver(Backlog backlog) implements Phase {}

    /* Up to an offset, for streams that were taken over; some were cancelled meanwhile. */
    private record Replaying(
            long end, Predicate<StreamId> cancelled, Map<StreamId, Inherited> waiting)
            implements Phase {}

    private record Live() implements Phase {}

    private record Departed() implements Phase {}

    private record Running(long offset, StreamRun run) {}

    private final int partition;
    private final long surveyEnd;
    private final IngestLimits limits;
    private final StreamLauncher launcher;
    private final Intake intake;
    private final LongConsumer seek;
    private final CountDownLatch released = new CountDownLatch(1);
    private final TreeMap<Long, StreamId> open = new TreeMap<>();
    private final Map<StreamId, Running> runs = new LinkedHashMap<>();
    private final LeasedStreams leased = new LeasedStreams();
    private final RememberedIds ended;
    private final RememberedIds cancelledEarly;
    private Phase phase;
    private boolean claiming;
    private boolean leaseDue;
    private long next;
    private boolean full;

    /**
     * @param from the committed offset, where reading begins
     * @param end offset up to which commands are from before our time, exclusive
     * @param intake reads its commands
     * @param seek makes the consumer read on from an offset of this partition
     */
    OwnedPartition(
            int partition,
            long from,
            long end,
            IngestLimits limits,
            StreamLauncher launcher,
            Intake intake,
            LongConsumer seek) {
        this.partition = partition;
        this.next = from;
        this.surveyEnd = end;
        this.limits = limits;
        this.launcher = launcher;
        this.intake = intake;
        this.seek = seek;
        this.ended = new RememberedIds(limits.idsRememberedMax());
        this.cancelledEarly = new RememberedIds(limits.idsRememberedMax());
        this.phase = new Surveying(backlog());
    }

    private Backlog backlog() {
        return new Backlog(surveyEnd, limits.backlogStreamsMax(), limits.idsRememberedMax());
    }

    int partition() {
        return partition;
    }

    /**
     * Acts on the next command.
     *
     * @return false if it cannot be taken now: it has to be read again once {@link #paused} is over
     */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        reached(record.offset());
        if (phase instanceof TakingOver) {
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
        return switch (phase) {
            case Surveying(var backlog) -> {
                survey(record, command.get(), backlog);
                yield true;
            }
            case TakingOver _ -> false;
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
        if (!Objects.equals(open.get(record.offset()), start.requestId())) {
            intake.duplicate(record);
        }
    }

    /** Whether {@link #reached} makes a difference now. */
    boolean awaitsPosition() {
        return phase instanceof Surveying || phase instanceof Replaying;
    }

    /** The consumer has read everything before this offset. */
    void reached(long position) {
        if (phase instanceof Surveying(var backlog) && position >= surveyEnd) {
            surveyed(backlog);
        }
        if (phase instanceof Replaying replaying && position >= replaying.end()) {
            replayed(replaying);
        }
    }

    private void surveyed(Backlog backlog) {
        backlog.offsets().forEach((id, offset) -> open.put(offset, id));
        backlog.leaveLeased(leased);
        backlog.offsets().keySet().stream()
                .filter(id -> leased.contains(id) && backlog.cancelled(id))
                .forEach(cancelledEarly::add);
        leaseDue = !leased.isEmpty();
        var claims = backlog.claims();
        if (claims.isEmpty()) {
            upTo(Math.max(next, backlog.end()));
            return;
        }
        phase = new TakingOver(backlog);
        LOGGER.atInfo()
                .addKeyValue("partition", partition)
                .addKeyValue("streams", claims.size())
                .log("taking over open streams");
        launcher.takeOver(
                partition,
                claims,
                released,
                found -> inherited(found, backlog.end(), backlog::cancelled));
    }

    private void inherited(
            Map<StreamId, Inherited> found, long end, Predicate<StreamId> cancelled) {
        var waiting = new HashMap<>(found);
        waiting.keySet().retainAll(Set.copyOf(open.values())); // what has not ended meanwhile
        if (released.getCount() == 0 || waiting.isEmpty()) {
            return;
        }
        waiting.keySet().forEach(leased::remove);
        phase = new Replaying(end, cancelled, waiting);
        seek.accept(
                open.entrySet().stream()
                        .filter(start -> waiting.containsKey(start.getValue()))
                        .findFirst()
                        .orElseThrow()
                        .getKey());
    }

    /** Takes over what others have let lapse. */
    void tend() {
        if (!(phase instanceof Live) || claiming) {
            return;
        }
        var lapsed = leased.claimLapsed();
        if (!lapsed.isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("streams", lapsed.size())
                    .log("taking over streams whose lease has lapsed");
            claiming = true;
            launcher.takeOver(
                    partition,
                    lapsed,
                    released,
                    found -> {
                        claiming = false;
                        inherited(found, next, cancelledEarly::contains);
                    });
        }
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
            open.values().removeIf(waiting::containsKey);
        }
        upTo(replaying.end());
    }

    private void upTo(long offset) {
        next = offset;
        phase = offset < surveyEnd ? new Surveying(backlog()) : new Live();
    }

    private boolean replay(long offset, Command command, Replaying replaying) {
        var waiting = replaying.waiting();
        if (!(command instanceof Command.Start start)) {
            return true;
        }
        var id = start.requestId();
        boolean ours = Objects.equals(open.get(offset), id) && waiting.containsKey(id);
        if (!ours) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        open(offset, start, waiting.remove(id), replaying.cancelled().test(id));
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
            case Command.Done done -> done(done.requestId());
            case Lease lease -> yieldTo(lease);
            case Command.Presence _ -> {} // nobody writes it yet
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
        open.put(offset, id);
        open(offset, start, null, cancelledEarly.remove(id));
        return true;
    }

    private boolean hasRoom() {
        full = !launcher.room();
        return !full;
    }

    private void open(
            long offset, Command.Start start, @Nullable Inherited inherited, boolean cancelled) {
        var run = launcher.open(start, inherited, cancelled, this);
        runs.put(run.id(), new Running(offset, run));
    }

    private void cancel(StreamId id) {
        var running = runs.get(id);
        if (running != null) {
            running.run().cancel();
        } else if (!ended.contains(id)) {
            cancelledEarly.add(id);
        }
    }

    private void done(StreamId id) {
        if (!runs.containsKey(id)) {
            ended.add(id);
            leased.remove(id).ifPresent(open::remove);
        }
    }

    /* Somebody else has fenced what we write: nobody would read any more of it. */
    private void yieldTo(Lease lease) {
        for (var stream : lease.open()) {
            var running = runs.get(stream.requestId());
            if (running != null && running.run().open().attempt() < stream.attempt()) {
                abandon(stream.requestId());
            }
        }
    }

    private void abandon(StreamId id) {
        var running = runs.remove(id);
        if (running != null) {
            LOGGER.atWarn().addKeyValue("streamId", id).log("stream was taken over by another");
            running.run().abandon();
            ended.add(id);
        }
    }

    /* What concerns the streams that are still in flight. */
    private void overhear(Command command) {
        switch (command) {
            case Command.Cancel cancel -> {
                var running = runs.get(cancel.requestId());
                if (running != null) {
                    running.run().cancel();
                }
            }
            case Command.Done done -> abandonIfOthers(done);
            case Lease lease -> yieldTo(lease);
            case Command.Start _, Command.Presence _, Command.Unknown _ -> {} // the new owner's
        }
    }

    /* Our own is read as well, before or after we are told of it. */
    private void abandonIfOthers(Command.Done done) {
        var running = runs.get(done.requestId());
        if (running != null && running.run().open().attempt() < done.attempt()) {
            abandon(done.requestId());
        }
    }

    @Override
    public void finished(StreamRun run) {
        var running = runs.remove(run.id());
        if (running != null) {
            open.remove(running.offset());
            ended.add(run.id());
        }
    }

    /* No lease may vouch for it, and the watermark stays, so that the next owner takes it over. */
    @Override
    public void failed(StreamRun run) {
        runs.remove(run.id());
        ended.add(run.id());
    }

    /** Whether its next command has to wait: for a takeover, or for room for one more stream. */
    boolean paused() {
        return phase instanceof TakingOver || (full && !hasRoom());
    }

    /**
     * Offset of the oldest start that is not done, or command that is not set aside: where the next
     * owner has to begin.
     */
    long watermark() {
        return intake.watermark(open.isEmpty() ? next : Math.min(next, open.firstKey()));
    }

    /** The streams in flight. */
    Collection<StreamRun> runs() {
        return runs.values().stream().map(Running::run).toList();
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
        var streams = runs.values().stream().map(running -> running.run().open()).toList();
        return Optional.of(
                new Lease(partition, at, worker, valid.toMillis(), List.copyOf(streams)));
    }

    /** It is not ours any more: nothing is opened or taken over from now on. */
    void release() {
        released.countDown();
        intake.close();
    }
}
