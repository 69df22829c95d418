package io.tidemark.export.internal;

import io.tidemark.export.Verdict;
import io.tidemark.schemas.Attempt;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells, for the records of one partition in the order of their offsets, what readers make of them.
 */
public interface Judge {
    /**
     * What a record is, told from its key and headers.
     *
     * @param attempt the attempt that wrote it; absent for what is no event and no fence
     */
    record Judgement(Verdict verdict, @Nullable Attempt attempt) {
        static Judgement of(Verdict verdict) {
            return new Judgement(verdict, null);
        }
    }

    /** Judges the next record; never throws for what it holds. */
    Judgement judge(ConsumerRecord<byte[], byte[]> record);

    /** Streams that were forgotten because there were more than may be remembered. */
    default long forgotten() {
        return 0;
    }
}
