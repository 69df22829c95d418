package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.Opener;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads single streams and results a second time, since only fingerprints were kept of the first.
 * Confined to the thread that replays.
 */
public final class ReadAgain implements PartitionReplay.Again {
    private final LogReader reader;
    private final Topics topics;
    private final Opener opener;
    private final int partition;

    private byte @Nullable [] found;

    /** Of one partition. */
    public ReadAgain(LogReader reader, Topics topics, Opener opener, int partition) {
        this.reader = reader;
        this.topics = topics;
        this.opener = opener;
        this.partition = partition;
    }

    @Override
    public LogFold fold(StreamId id, long first, long end) {
        var fold = new StreamFold(id, topics.events().messageBytesMax());
        var events = new TopicPartition(topics.events().name(), partition);
        reader.read(
                events,
                first,
                end,
                () -> false,
                record -> {
                    switch (EventRecord.of(record)) {
                        case EventRecord.Entry entry when entry.id().equals(id) -> {
                            if (fold.admits(entry.headers())) {
                                fold.add(opener.open(entry));
                            }
                        }
                        case EventRecord.Fence fence when fence.id().equals(id) ->
                                fold.fence(fence.attempt());
                        default -> {} // another stream's
                    }
                });
        return fold.fold();
    }

    @Override
    public byte[] published(ResultKind kind, long offset) {
        var results = new TopicPartition(kind.topic(topics).name(), partition);
        found = null;
        reader.read(results, offset, offset + 1, () -> false, record -> found = record.value());
        if (found == null) {
            throw new AuditFailedException(
                    "cannot read %s at offset %d again: another record has replaced it since"
                            .formatted(results, offset));
        }
        return found;
    }
}
