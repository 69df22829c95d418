package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeadLetter.Reason;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the records of a partition we own ask for: commands are let through, and what cannot be
 * taken is set aside, section 7.7 of {@code docs/protocol.md}.
 *
 * <p>Confined to the command loop's thread.
 */
final class Intake implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Intake.class);

    /** Longest of what a start names, in characters. */
    static final int TEXT_CHARS_MAX = 256;

    private static final int METADATA_ENTRIES_MAX = 16;
    private static final int METADATA_KEY_CHARS_MAX = 64;
    private static final int METADATA_VALUE_CHARS_MAX = 512;

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
        return read(record, letters::setAside);
    }

    /**
     * The same of a record that is read ahead, and will be read again: if it cannot be taken it is
     * set aside then, for what is set aside has an order.
     */
    Optional<Command> readAhead(ConsumerRecord<byte[], byte[]> record) {
        return read(record, (_, _, _) -> {});
    }

    /** What becomes of a command that cannot be taken. */
    private interface Refusal {
        void of(ConsumerRecord<byte[], byte[]> record, Reason reason, @Nullable String field);
    }

    private Optional<Command> read(ConsumerRecord<byte[], byte[]> record, Refusal refusal) {
        var value = record.value();
        if (value == null) {
            return refuse(refusal, record, Reason.NO_VALUE, null);
        }
        try {
            return admit(refusal, record, CommandCodec.decode(value));
        } catch (MalformedRecordException e) {
            return refuse(refusal, record, Reason.MALFORMED, e.field());
        }
    }

    private Optional<Command> admit(
            Refusal refusal, ConsumerRecord<byte[], byte[]> record, Command command) {
        return switch (command) {
            case Command.Unknown _ -> refuse(refusal, record, Reason.UNKNOWN_TYPE, "type");
            case Command.Claim claim when claim.partition() != partition ->
                    refuse(refusal, record, Reason.MISROUTED, "partition");
            case Command.Lease lease when lease.partition() != partition ->
                    refuse(refusal, record, Reason.MISROUTED, "partition");
            case Command.ForStream about when about.requestId().partition() != partition ->
                    refuse(refusal, record, Reason.MISROUTED, "requestId");
            case Command about when !CommandCodec.isKey(record.key(), about) ->
                    refuse(refusal, record, Reason.MISROUTED, "key");
            case Command.Start start when ahead(start.requestId().time().toEpochMilli(), record) ->
                    refuse(refusal, record, Reason.FUTURE, "requestId");
            case Command.Start start when ahead(start.at(), record) ->
                    refuse(refusal, record, Reason.FUTURE, "at");
            case Command.Start start when overlong(start).isPresent() ->
                    refuse(refusal, record, Reason.MALFORMED, overlong(start).get());
            case Command.Done done when done.epoch() >= record.offset() ->
                    refuse(refusal, record, Reason.MALFORMED, "epoch");
            case Command.Lease lease when claimsToCome(lease, record) ->
                    refuse(refusal, record, Reason.MALFORMED, "open");
            case Command taken -> Optional.of(taken);
        };
    }

    /* The field that would make its first event, or the headers of all, larger than a log takes. */
    private static Optional<String> overlong(Command.Start start) {
        var texts = new LinkedHashMap<String, @Nullable String>();
        texts.put("api", start.api());
        texts.put("provider", start.provider());
        texts.put("model", start.model());
        texts.put("tenant", start.tenant());
        texts.put("traceparent", start.traceparent());
        return texts.entrySet().stream()
                .filter(text -> longer(text.getValue(), TEXT_CHARS_MAX))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> overlong(start.metadata()));
    }

    private static Optional<String> overlong(Map<String, String> metadata) {
        boolean fits =
                metadata.size() <= METADATA_ENTRIES_MAX
                        && metadata.entrySet().stream()
                                .noneMatch(label ->
                                        longer(label.getKey(), METADATA_KEY_CHARS_MAX)
                                                || longer(
                                                        label.getValue(),
                                                        METADATA_VALUE_CHARS_MAX));
        return fits ? Optional.empty() : Optional.of("metadata");
    }

    private static boolean longer(@Nullable String text, int charsMax) {
        return text != null && text.length() > charsMax;
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

    private static Optional<Command> refuse(
            Refusal refusal,
            ConsumerRecord<byte[], byte[]> record,
            Reason reason,
            @Nullable String field) {
        refusal.of(record, reason, field);
        return Optional.empty();
    }

    /** A record that was let through has turned out to start a stream for the second time. */
    void duplicate(ConsumerRecord<byte[], byte[]> record) {
        letters.setAside(record, Reason.DUPLICATE, null);
    }

    /**
     * Retention has removed commands before they could be read: a start among them has begun
     * nothing, and nobody knows of it any more.
     *
     * @param from offset of the first of them
     * @param to offset of the first one behind them; nothing happens if it is the same
     */
    void expired(long from, long to) {
        if (to > from) {
            LOGGER.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", from)
                    .addKeyValue("count", to - from)
                    .log("commands expired before they could be read");
            letters.expired(to - from);
        }
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
