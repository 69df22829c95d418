package io.tidemark.faults;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A stream of which is known what was asked for, and how far its client has seen it: what anybody
 * is told who asks for it later must be as far. Thread-safe.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class KnownStream {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NOTHING = -1;

    private final StreamId id;
    private final StreamShape shape;
    private final String text;
    private final AtomicLong[] seen;
    private final AtomicLong inLogAt = new AtomicLong(NEVER);
    private final AtomicLong endedAt = new AtomicLong(NEVER);
    private volatile long terminal = NEVER;

    /* What was told of its end, for as long as everything is right one of each. */
    private final Set<String> finals = ConcurrentHashMap.newKeySet();
    private final Set<ListedEnd> listed = ConcurrentHashMap.newKeySet();

    /**
     * What was known when a question was asked.
     *
     * @param sequence what the answer must hold; -1 for nothing
     * @param inLog whether the log held anything of the stream
     * @param ended whether the sequence is that of its end
     */
    record Horizon(long sequence, boolean inLog, boolean ended) {}

    /** An end as lists tell it; figures are -1 where there are none. */
    record ListedEnd(String status, long input, long output, long total) {
        /** What a list has to say of a row. */
        static ListedEnd of(UsageRow row) {
            var usage = row.usage();
            return new ListedEnd(
                    row.status().wire(),
                    usage == null ? NOTHING : figure(usage.input()),
                    usage == null ? NOTHING : figure(usage.output()),
                    usage == null ? NOTHING : figure(usage.total()));
        }

        private static long figure(@Nullable Long tokens) {
            return tokens == null ? NOTHING : tokens;
        }
    }

    KnownStream(StreamId id, StreamShape shape, int edges) {
        this.id = id;
        this.shape = shape;
        this.text = shape.text();
        this.seen =
                Stream.generate(() -> new AtomicLong(NOTHING))
                        .limit(edges)
                        .toArray(AtomicLong[]::new);
    }

    StreamId id() {
        return id;
    }

    StreamShape shape() {
        return shape;
    }

    /** What its text is, or begins with if it was cut off. */
    String text() {
        return text;
    }

    /** Its client has seen an event. */
    void saw(int edge, long sequence, boolean last, long now) {
        if (last) {
            terminal = sequence;
            endedAt.accumulateAndGet(now, Math::min);
        }
        inLogAt.accumulateAndGet(now, Math::min);
        seen[edge].accumulateAndGet(sequence, Math::max);
    }

    /**
     * What an edge has to know that is asked now.
     *
     * @param told whether it is told what was seen elsewhere
     */
    Horizon horizon(int edge, boolean told) {
        long anywhere =
                IntStream.range(0, seen.length)
                        .mapToLong(it -> seen[it].get())
                        .max()
                        .orElse(NOTHING);
        long sequence = told ? anywhere : seen[edge].get();
        return new Horizon(sequence, anywhere > NOTHING, sequence >= terminal);
    }

    /** Whether the log held something of it at that time. */
    boolean inLogBefore(long time) {
        long at = inLogAt.get();
        return at != NEVER && at - time < 0;
    }

    /** Whether the log held its end at that time. */
    boolean endedBefore(long time) {
        long at = endedAt.get();
        return at != NEVER && at - time < 0;
    }

    /** Its final response was told as bytes with that SHA-256. */
    void toldFinal(String sha256) {
        finals.add(sha256);
    }

    /** A list told its end. */
    void toldEnd(ListedEnd end) {
        listed.add(end);
    }

    /** All final responses that were told. */
    Set<String> finals() {
        return Set.copyOf(finals);
    }

    /** All ends that lists told. */
    Set<ListedEnd> listed() {
        return Set.copyOf(listed);
    }
}
