package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * How we come by the streams of a partition that others have begun: first by those that are open
 * when it becomes ours, later by those whose lease lapses.
 *
 * <pre>
 *   claiming --the claim is in the log--&gt; surveying
 *
 *   surveying --nothing open, or all of it leased-----------------------------&gt; done
 *      ^  |                                                                    ^  |
 *      |  +--open starts--&gt; taking over --fenced and read back--&gt; replaying --+  |
 *      |                                                             |    ^       |
 *      +-------------- backlog did not fit --------------------------+    +-------+
 *                                                       a lease lapsed, fenced and read back
 * </pre>
 *
 * <p><em>Claiming</em> writes the record whose offset is our epoch: what is before it is the
 * backlog, what comes behind it is ours to act on, and nobody who claimed before it can outrank us.
 * <em>Surveying</em> reads the commands from the committed offset to our claim, and notes which
 * starts have no done record that counts. <em>Taking over</em> fences those streams, with the
 * partition paused. <em>Replaying</em> reads the same commands again and opens each of those
 * streams where it stands; those whose start retention has removed are ended. <em>Done</em>, it
 * leaves those streams alone that somebody else holds a lease of.
 *
 * <p>Confined to the command loop's thread.
 */
final class Inheritance {
    private static final Logger LOGGER = LoggerFactory.getLogger(Inheritance.class);

    /** Whose inheritance it is. */
    interface Heir {
        /** Offset of the next command to act on. */
        long next();

        /** The commands before that offset are acted on, or need not be. */
        void upTo(long offset);

        /** Reading goes on at that offset. */
        void readOn(long offset);

        /** A start that was read is the second one of its stream, or the first read again. */
        void secondStart(ConsumerRecord<byte[], byte[]> record, Command.Start start);

        /** Retention has removed the commands between these two, the latter exclusive. */
        void expired(long from, long to);

        /** Somebody has claimed the partition after us. */
        void outranked();
    }

    private sealed interface Phase {}

    private record Claiming() implements Phase {}

    private record Surveying(Backlog backlog) implements Phase {}

    private record TakingOver() implements Phase {}

    /* Up to an offset, for streams that were taken over; some were cancelled meanwhile. */
    private record Replaying(
            long end, Predicate<StreamId> cancelled, Map<StreamId, Inherited> waiting)
            implements Phase {}

    private record Done() implements Phase {}

    private final int partition;
    private final IngestLimits limits;
    private final StreamLauncher launcher;
    private final PartitionStreams streams;
    private final OpenStarts open;
    private final Heir heir;
    private final CountDownLatch released = new CountDownLatch(1);
    private final LogTime time = new LogTime(LeasedStreams.SILENCE_COUNTED_MAX);
    private final LeasedStreams leased = new LeasedStreams(time);
    private Phase phase = new Claiming();
    private long epoch;
    private boolean takingLapsed;
    /* Whether starts without a done record may have been removed. */
    private boolean expired;

    /**
     * @param streams where streams are opened
     * @param open gets what is open
     */
    Inheritance(
            int partition,
            IngestLimits limits,
            StreamLauncher launcher,
            PartitionStreams streams,
            OpenStarts open,
            Heir heir) {
        this.partition = partition;
        this.limits = limits;
        this.launcher = launcher;
        this.streams = streams;
        this.open = open;
        this.heir = heir;
    }

    /** Writes our claim; nothing is read before it is in the log. */
    void claim() {
        launcher.claim(partition, released, this::claimed);
    }

    /** Whether the claim is not in the log yet. */
    boolean isClaiming() {
        return phase instanceof Claiming;
    }

    private void claimed(long offset) {
        if (isReleased()) {
            return;
        }
        epoch = offset;
        if (heir.next() > epoch) {
            /* Another log than the one that was committed, or one that has lost its end. */
            LOGGER.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", heir.next())
                    .log("committed offset is beyond the log, reading all of it");
            heir.upTo(0);
            heir.readOn(0);
        }
        phase = new Surveying(backlog(heir.next()));
    }

    /** Offset of our claim, when it is in the log. */
    long epoch() {
        return epoch;
    }

    private Backlog backlog(long from) {
        return new Backlog(
                from,
                surveyEnd(),
                expired,
                id -> isKnown(id) || open.contains(id),
                time,
                limits.backlogStreamsMax(),
                limits.idsRememberedMax());
    }

    /* Exclusive: our claim is from before our time, so that reading always comes that far. */
    private long surveyEnd() {
        return epoch + 1;
    }

    /** Whether commands are the heir's to act on. */
    boolean isDone() {
        return phase instanceof Done;
    }

    /** Whether no command can be taken now. */
    boolean isWaiting() {
        return phase instanceof Claiming || phase instanceof TakingOver;
    }

    /** Whether the stream is left to who holds a lease of it. */
    boolean leaves(StreamId id) {
        return leased.contains(id);
    }

    /** Takes note of the time and of leases, by the next command in log order. */
    void read(long timestamp, Command command) {
        boolean news = time.pass(timestamp);
        if (news && command instanceof Lease lease) {
            leased.renew(lease);
        }
    }

    /** Who wrote a stream before us says that it has ended. */
    void over(StreamId id) {
        leased.lapse(id);
    }

    /**
     * Whether the command there is read ahead: it lies behind what found no room in the backlog,
     * and is surveyed again when there is.
     */
    boolean readsAgain(long offset) {
        return phase instanceof Surveying(var backlog) && offset >= backlog.end();
    }

    /**
     * Takes the next command, while it is neither done nor waiting.
     *
     * @return false if there is no room for the stream that it starts
     */
    boolean take(ConsumerRecord<byte[], byte[]> record, Command command) {
        return switch (phase) {
            case Surveying(var backlog) -> {
                survey(record, command, backlog);
                yield true;
            }
            case Replaying replaying ->
                    !(command instanceof Command.Start start)
                            || replay(record.offset(), start, replaying);
            case Claiming _, TakingOver _, Done _ ->
                    throw new IllegalStateException("no command is taken now");
        };
    }

    private void survey(ConsumerRecord<byte[], byte[]> record, Command command, Backlog backlog) {
        boolean second = command instanceof Command.Start start && isKnown(start.requestId());
        boolean taken = !second && backlog.add(record.offset(), record.timestamp(), command);
        if (!taken && !readsAgain(record.offset())) {
            heir.secondStart(record, (Command.Start) command);
        }
    }

    private boolean isKnown(StreamId id) {
        return streams.knows(id) || leaves(id);
    }

    private boolean replay(long offset, Command.Start start, Replaying replaying) {
        var waiting = replaying.waiting();
        var id = start.requestId();
        if (!open.isAt(offset, id) || !waiting.containsKey(id)) {
            return true;
        }
        if (!streams.hasRoom()) {
            return false;
        }
        streams.open(start, epoch, waiting.remove(id), replaying.cancelled().test(id));
        return true;
    }

    /** Whether {@link #reached} makes a difference now. */
    boolean awaitsPosition() {
        return phase instanceof Surveying || phase instanceof Replaying;
    }

    /** Everything before this offset was read. */
    void reached(long position) {
        if (phase instanceof Surveying(var backlog) && position >= surveyEnd()) {
            surveyed(backlog);
        }
        if (phase instanceof Replaying replaying && position >= replaying.end()) {
            replayed(replaying);
        }
    }

    private void surveyed(Backlog backlog) {
        expired = backlog.expired();
        heir.expired(backlog.from(), backlog.first());
        backlog.offsets().forEach(open::add);
        backlog.leaveLeased(leased);
        backlog.offsets().keySet().stream()
                .filter(id -> leaves(id) && backlog.cancelled(id))
                .forEach(streams::cancel);
        streams.vouched().tellTime(!leased.isEmpty());
        if (!leased.isEmpty()) {
            streams.vouched().soon();
        }
        var orphans = backlog.orphans();
        if (orphans.isEmpty()) {
            goOn(Math.max(heir.next(), backlog.end()));
            return;
        }
        phase = new TakingOver();
        LOGGER.atInfo()
                .addKeyValue("partition", partition)
                .addKeyValue("streams", orphans.size())
                .log("taking over open streams");
        launcher.takeOver(
                partition,
                epoch,
                orphans,
                released,
                found -> inherited(orphans, found, backlog.end(), backlog::cancelled),
                this::outranked);
    }

    /** Takes over what others have let lapse and what has failed here, as far as there is room. */
    void tend() {
        if (!isDone() || takingLapsed || isReleased()) {
            return;
        }
        streams.takeFailed().forEach(leased::addLapsed);
        var lapsed = leased.takeLapsed(streams.room());
        if (lapsed.isEmpty()) {
            return;
        }
        LOGGER.atInfo()
                .addKeyValue("partition", partition)
                .addKeyValue("streams", lapsed.size())
                .log("taking over streams that nobody vouches for any more");
        takingLapsed = true;
        launcher.takeOver(
                partition,
                epoch,
                lapsed,
                released,
                found -> {
                    takingLapsed = false;
                    inherited(lapsed, found, heir.next(), _ -> false);
                },
                this::outranked);
    }

    private void inherited(
            Collection<Orphan> asked,
            Map<StreamId, Inherited> found,
            long end,
            Predicate<StreamId> cancelled) {
        if (isReleased()) {
            return;
        }
        for (var orphan : asked) {
            leased.remove(orphan.id());
            if (!found.containsKey(orphan.id())) {
                streams.leave(orphan.id());
            }
        }
        streams.vouched().tellTime(!leased.isEmpty());
        var waiting = new HashMap<>(found);
        waiting.keySet().removeIf(id -> !open.contains(id)); // what has ended meanwhile
        var first = open.first(waiting.keySet());
        if (first.isEmpty()) {
            if (phase instanceof TakingOver) {
                goOn(end);
            }
            return;
        }
        streams.vouch(waiting);
        phase = new Replaying(end, cancelled, waiting);
        heir.readOn(first.getAsLong());
    }

    private void outranked() {
        if (!isReleased()) {
            heir.outranked();
        }
    }

    private void replayed(Replaying replaying) {
        var waiting = replaying.waiting();
        if (!waiting.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("streams", waiting.size())
                    .log("starts expired before their streams were taken over, ending these");
            waiting.forEach(
                    (id, held) -> streams.end(id, epoch, held, replaying.cancelled().test(id)));
        }
        goOn(replaying.end());
    }

    private void goOn(long offset) {
        heir.upTo(offset);
        if (offset >= surveyEnd()) {
            phase = new Done();
            return;
        }
        /* What found no room in the last backlog was passed by. */
        phase = new Surveying(backlog(offset));
        heir.readOn(offset);
    }

    /** The partition is not ours any more, or may not be: nothing is taken over from now on. */
    void release() {
        released.countDown();
        streams.vouched().tellTime(false);
        if (phase instanceof Replaying replaying) {
            streams.retract(replaying.waiting().keySet());
        }
    }

    private boolean isReleased() {
        return released.getCount() == 0;
    }
}
