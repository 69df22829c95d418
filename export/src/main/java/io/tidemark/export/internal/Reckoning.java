package io.tidemark.export.internal;

import io.tidemark.export.ExportReport;
import io.tidemark.export.Progress;
import io.tidemark.export.Verdict;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** Counts what an export does, and tells how it gets on. */
public final class Reckoning {
    private final String topic;
    private final Progress progress;
    private final long total;
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private long records;
    private long read;
    private long forgotten;

    /** Begins at nothing, with these ranges to read. */
    public Reckoning(String topic, Progress progress, Collection<CommittedLog.Range> ranges) {
        this.topic = topic;
        this.progress = progress;
        this.total = ranges.stream().mapToLong(CommittedLog.Range::length).sum();
    }

    /** A record of this kind was met. */
    public void count(Verdict verdict, boolean written) {
        verdicts.merge(verdict, 1L, Long::sum);
        if (written) {
            records++;
        }
    }

    /** So many offsets more were passed. */
    public void moved(long offsets) {
        read += offsets;
        progress.moved(records, read, total);
    }

    /** So many streams more were forgotten. */
    public void forgotten(long streams) {
        forgotten += streams;
    }

    /** What was done. */
    public ExportReport report() {
        return new ExportReport(topic, records, verdicts, forgotten);
    }
}
