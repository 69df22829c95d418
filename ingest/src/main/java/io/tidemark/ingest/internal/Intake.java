package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeadLetter.Reason;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * What the records of a partition we own ask for: commands are let through, and what cannot be
 * taken is set aside, section 7.7 of {@code docs/protocol.md}.
 *
 * <p>Confined to the command loop's thread.
 */
final class Intake implements AutoCloseable {
    private final int partition;
    private final Duration skew;
    private final DeadLetters.Source letters;

    /**
     * @param skew how far ahead of the broker's clock those who start streams may be
     * @param letters where the partition's commands are set aside
     */
    Intake(int partition, Duration skew, DeadLetters.Source letters) {
        this.partition = partition;
        this.skew = skew;
        this.letters = letters;
    }

    /**
     * The command of a record; empty if there is none that could be taken, and it was set aside.
     */
    Optional<Command> read(ConsumerRecord<byte[], byte[]> record) {
        var value = record.value();
        if (value == null) {
            return refuse(record, Reason.NO_VALUE, null);
        }
        try {
            return admit(record, CommandCodec.decode(value));
        } catch (MalformedRecordException e) {
            return refuse(record, Reason.MALFORMED, e.field());
        }
    }

    private Optional<Command> admit(ConsumerRecord<byte[], byte[]> record, Command command) {
        return switch (command) {
            case Command.Unknown _ -> refuse(record, Reason.UNKNOWN_TYPE, "type");
            case Command.Claim claim when claim.partition() != partition ->
                    refuse(record, Reason.MISROUTED, "partition");
            case Command.Lease lease when lease.partition() != partition ->
                    refuse(record, Reason.MISROUTED, "partition");
            case Command.ForStream about when about.requestId().partition() != partition ->
                    refuse(record, Reason.MISROUTED, "requestId");
            case Command about when !CommandCodec.isKey(record.key(), about) ->
                    refuse(record, Reason.MISROUTED, "key");
            case Command.Start start when ahead(start.requestId().time().toEpochMilli(), record) ->
                    refuse(record, Reason.FUTURE, "requestId");
            case Command.Start start when ahead(start.at(), record) ->
                    refuse(record, Reason.FUTURE, "at");
            case Command.Done done when done.epoch() >= record.offset() ->
                    refuse(record, Reason.MALFORMED, "epoch");
            case Command.Lease lease when claimsToCome(lease, record) ->
                    refuse(record, Reason.MALFORMED, "open");
            case Command taken -> Optional.of(taken);
        };
    }

    /* An epoch is the offset of a claim, and who writes under it has read its acknowledgement. */
    private static boolean claimsToCome(
            Command.Lease lease, ConsumerRecord<byte[], byte[]> record) {
        return lease.open().stream().anyMatch(stream -> stream.epoch() >= record.offset());
    }

    /* Only the broker's own clock is a measure. */
    private boolean ahead(long timeMs, ConsumerRecord<byte[], byte[]> record) {
        return record.timestampType() == TimestampType.LOG_APPEND_TIME
                && timeMs > record.timestamp() + skew.toMillis();
    }

    private Optional<Command> refuse(
            ConsumerRecord<byte[], byte[]> record, Reason reason, @Nullable String field) {
        letters.setAside(record, reason, field);
        return Optional.empty();
    }

    /** A record that was let through has turned out to start a stream for the second time. */
    void duplicate(ConsumerRecord<byte[], byte[]> record) {
        letters.setAside(record, Reason.DUPLICATE, null);
    }

    /** The watermark, given what it would be if nothing were waiting to be set aside. */
    long watermark(long otherwise) {
        return Math.min(otherwise, letters.oldestWaiting());
    }

    /** The partition is not ours any more: whoever owns it sets aside what is left. */
    @Override
    public void close() {
        letters.release();
    }
}
