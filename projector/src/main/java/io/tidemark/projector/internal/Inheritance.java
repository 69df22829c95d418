package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What a generation of results takes over from the one before instead of folding it again: the
 * results of streams that began before the events it is folded from. Immutable.
 *
 * <p>Every stream is either folded or taken over, never both: a stream that began before is one
 * without a start for the fold, wherever it ended, and is passed by there.
 *
 * @param from the topics of the generation before
 * @param begins by partition, offset of the first event that is folded again; nothing is taken over
 *     of a partition that is not in it
 */
public record Inheritance(Topics from, Map<Integer, Long> begins) {
    /** Checks and copies. */
    public Inheritance {
        begins = Map.copyOf(begins);
    }

    /**
     * Whether a result of the generation before is taken over. One that was taken back there has no
     * value, and nothing says when its stream began: that nothing counts is taken over of all.
     *
     * @param takenBack whether there may be results that were taken back
     * @throws IllegalArgumentException if its key is no id
     */
    boolean includes(Record<byte[], byte[]> result, boolean takenBack) {
        var key = result.key();
        var begin = key == null ? null : begins.get(StreamId.ofKey(key).partition());
        return result.value() == null
                ? takenBack && begin != null
                : isBefore(begin, result.headers());
    }

    private static boolean isBefore(@Nullable Long begin, Headers headers) {
        var first = headers.lastHeader(Results.FIRST_OFFSET);
        return begin != null
                && first != null
                && first.value() != null
                && first.value().length == Long.BYTES
                && ByteBuffer.wrap(first.value()).getLong() < begin;
    }
}
