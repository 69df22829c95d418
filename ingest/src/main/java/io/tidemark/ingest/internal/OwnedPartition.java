package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.internal.LeaseKeeper.Vouched;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Lease;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.Collection;
import java.util.function.LongConsumer;

/**
 * A partition whose streams we write: what its next command means.
 *
 * <pre>
 *   inheriting --all is opened or leased--&gt; live --another claimed it after us--&gt; outranked
 *       ^                                    |  |                                    |
 *       +-----------a lease lapsed-----------+  +--given away--&gt; departed &lt;----------+
 * </pre>
 *
 * <p><em>Inheriting</em> it leaves commands to {@link Inheritance}. <em>Live</em> it acts on them
 * as they come. <em>Outranked</em> it takes nothing more until the group has said whose it is:
 * whoever has claimed it may be a worker that is its owner no more and has not noticed.
 * <em>Departed</em> it is a {@link Departed}.
 *
 * <p>Confined to the command loop's thread.
 */
final class OwnedPartition {
    private final int partition;
    private final Intake intake;
    private final LongConsumer seek;
    private final OpenStarts open = new OpenStarts();
    private final PartitionStreams streams;
    private final Inheritance inheritance;
    private long next;
    private boolean outranked;
    /* Whether the next command starts a stream that found no room. */
    private boolean full;
    /* While a record is taken: whether reading goes on elsewhere. */
    private boolean sought;

    /** What inheriting does to it. */
    private final class Heir implements Inheritance.Heir {
        @Override
        public long next() {
            return next;
        }

        @Override
        public void upTo(long offset) {
            next = offset;
        }

        @Override
        public void readOn(long offset) {
            sought = true;
            seek.accept(offset);
        }

        @Override
        public void secondStart(ConsumerRecord<byte[], byte[]> record, Command.Start start) {
            duplicate(record, start);
        }

        @Override
        public void expired(long from, long to) {
            intake.expired(from, to);
        }

        @Override
        public void outranked() {
            stop();
        }
    }

    /**
     * @param from the committed offset, where reading begins
     * @param intake reads its commands
     * @param streams knows of no stream yet
     * @param seek makes the consumer read on from an offset of this partition
     */
    OwnedPartition(
            int partition,
            long from,
            IngestLimits limits,
            StreamLauncher launcher,
            Intake intake,
            PartitionStreams streams,
            LongConsumer seek) {
        this.partition = partition;
        this.next = from;
        this.intake = intake;
        this.seek = seek;
        this.streams = streams;
        this.inheritance = new Inheritance(partition, limits, launcher, streams, open, new Heir());
    }

    /** Writes our claim; nothing is read before it is in the log. */
    void claim() {
        inheritance.claim();
    }

    /** Whether its claim is not in the log yet. */
    boolean isClaiming() {
        return inheritance.isClaiming();
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
        full = !taken && !streams.hasRoom();
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
        if (inheritance.isDone() && record.offset() > next) {
            intake.expired(next, record.offset());
            next = record.offset();
        }
        var read =
                inheritance.readsAgain(record.offset())
                        ? intake.readAhead(record)
                        : intake.read(record);
        if (read.isEmpty()) {
            passed(record.offset());
            return true;
        }
        var command = read.get();
        inheritance.read(record.timestamp(), command);
        streams.read(record.timestamp(), command);
        if (!inheritance.isDone()) {
            return inheritance.take(record, command);
        }
        boolean taken = act(record, command);
        if (taken) {
            passed(record.offset());
        }
        return taken;
    }

    private boolean takesNothing() {
        return outranked || inheritance.isWaiting();
    }

    private void passed(long offset) {
        if (inheritance.isDone()) {
            next = offset + 1;
        }
    }

    /** Whether {@link #reached} makes a difference now. */
    boolean awaitsPosition() {
        return !outranked && inheritance.awaitsPosition();
    }

    /** The consumer has read everything before this offset. */
    void reached(long position) {
        if (!outranked) {
            inheritance.reached(position);
        }
    }

    private boolean act(ConsumerRecord<byte[], byte[]> record, Command command) {
        switch (command) {
            case Command.Start start -> {
                return start(record, start);
            }
            case Command.Cancel cancel -> streams.cancel(cancel.requestId());
            case Command.Done done -> done(done);
            case Lease lease -> streams.heed(lease);
            case Command.Claim _ -> {
                if (record.offset() > inheritance.epoch()) {
                    stop();
                    return false;
                }
            }
            case Command.Presence _ -> {} // heeded when it was read
            case Command.Unknown _ -> {} // counted when it was read
        }
        return true;
    }

    private boolean start(ConsumerRecord<byte[], byte[]> record, Command.Start start) {
        var id = start.requestId();
        if (streams.knows(id) || inheritance.leaves(id)) {
            duplicate(record, start);
            return true;
        }
        if (!streams.hasRoom()) {
            return false;
        }
        open.add(id, record.offset());
        streams.open(start, inheritance.epoch(), null, false);
        return true;
    }

    /* Unless it is the same one, read again. */
    private void duplicate(ConsumerRecord<byte[], byte[]> record, Command.Start start) {
        if (!open.isAt(record.offset(), start.requestId())) {
            intake.duplicate(record);
        }
    }

    /*
     * Our own counts when it is read, not when it is acknowledged: then nobody had claimed the
     * partition before it, so the terminal it speaks of is what readers have. That of somebody
     * before us only ends the waiting.
     */
    private void done(Command.Done done) {
        streams.heed(done);
        if (done.epoch() == inheritance.epoch()) {
            open.remove(done.requestId());
        } else {
            inheritance.over(done.requestId());
        }
    }

    /** Takes over what others have let lapse. */
    void tend() {
        inheritance.tend();
    }

    /* What was read before is still ours to set aside, and holds the watermark back. */
    private void stop() {
        outranked = true;
        inheritance.release();
    }

    /** Whether the group has to be asked whose it is. */
    boolean isOutranked() {
        return outranked;
    }

    /** Whether its next command has to wait: for a takeover, or for room for one more stream. */
    boolean paused() {
        return takesNothing() || (full && !streams.hasRoom());
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
        return streams.runs();
    }

    /** What our lease there names. */
    Vouched vouched() {
        return streams.vouched();
    }

    /**
     * Takes nothing over any more: what was fenced and waits for room is the next owner's, and in
     * no lease of ours.
     */
    void release() {
        inheritance.release();
    }

    /** Gives it up in good order: what is in flight goes on, nothing else does. */
    Departed depart() {
        close();
        return new Departed(partition, next, intake, streams);
    }

    /** It was taken from us: nothing goes on. */
    void abandon() {
        close();
        streams.abandon();
    }

    private void close() {
        release();
        intake.close();
    }
}
