package io.tidemark.export.internal;

import io.tidemark.export.Verdict;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Judges records that each stand for themselves: whether they have a key of the topic's kind, and a
 * value. Stateless.
 */
public final class ResultJudge implements Judge {
    private final boolean keysAreStreams;

    private ResultJudge(boolean keysAreStreams) {
        this.keysAreStreams = keysAreStreams;
    }

    /** For topics whose keys are the ids of streams. */
    public static Judge ofStreams() {
        return new ResultJudge(true);
    }

    /** For topics whose keys are anything else. */
    public static Judge ofAnyKey() {
        return new ResultJudge(false);
    }

    @Override
    public Judgement judge(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || (keysAreStreams && Ids.of(record) == null)) {
            return Judgement.of(Verdict.FOREIGN);
        }
        return Judgement.of(record.value() == null ? Verdict.TOMBSTONE : Verdict.ACCEPTED);
    }
}
