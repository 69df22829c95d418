package io.tidemark.export.internal;

import io.tidemark.export.ExportConfig;
import io.tidemark.export.ExportTopic;
import io.tidemark.schemas.EventRecord;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.Opener;
import io.tidemark.seal.SealCounts;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/**
 * Opens sealed events before they are exported, where master keys are configured. What has no key
 * is left as it stands. Confined to the export's thread.
 */
public final class Openings implements AutoCloseable {
    private final @Nullable Opener opener;
    private final @Nullable KeyRing ring;

    private Openings(@Nullable Opener opener, @Nullable KeyRing ring) {
        this.opener = opener;
        this.ring = ring;
    }

    /**
     * What an export needs.
     *
     * @throws org.apache.kafka.common.KafkaException if there are keys and they cannot be read
     */
    public static Openings of(ExportConfig config) {
        var topic = config.topics().keys().name();
        boolean wanted = !config.masterKeys().isEmpty() && config.topic() == ExportTopic.EVENTS;
        if (!wanted || !CommittedLog.exists(config.kafka(), topic)) {
            return new Openings(null, null);
        }
        var counts = new SealCounts();
        var ring =
                KeyRing.start(
                        config.kafka(), topic, config.masterKeys(), InstantSource.system(), counts);
        return new Openings(new Opener(ring, counts), ring);
    }

    /** The record with the event that was sealed; the same if it was not, or has no key. */
    public ConsumerRecord<byte[], byte[]> open(ConsumerRecord<byte[], byte[]> record) {
        if (opener == null
                || !(EventRecord.of(record) instanceof EventRecord.Entry entry)
                || !Opener.isSealed(entry)) {
            return record;
        }
        return opener.opened(entry).map(opened -> with(record, opened.value())).orElse(record);
    }

    private static ConsumerRecord<byte[], byte[]> with(
            ConsumerRecord<byte[], byte[]> record, byte[] value) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                value.length,
                record.key(),
                value,
                record.headers(),
                record.leaderEpoch());
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
