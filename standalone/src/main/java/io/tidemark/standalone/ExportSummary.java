package io.tidemark.standalone;

import io.tidemark.export.ExportReport;
import io.tidemark.export.Progress;
import io.tidemark.export.Verdict;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;

/** Tells how an export gets on, every few seconds, and at its end what it did. */
final class ExportSummary implements Progress {
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long PERCENT = 100;

    private final PrintWriter err;
    private long saidAt = System.nanoTime();

    ExportSummary(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void moved(long records, long read, long total) {
        long now = System.nanoTime();
        if (now - saidAt >= PAUSE_NANOS) {
            saidAt = now;
            err.printf("%d records, %d %% of the topic read%n", records, read * PERCENT / total);
        }
    }

    /** The last word: how many records exactly, where they are, and what was left out. */
    void print(ExportReport report, String where) {
        err.printf("exported %d records of %s to %s%n", report.records(), report.topic(), where);
        var kinds =
                Arrays.stream(Verdict.values())
                        .filter(verdict -> verdict != Verdict.ACCEPTED)
                        .filter(verdict -> report.count(verdict) > 0)
                        .toList();
        for (var verdict : kinds) {
            err.printf("  %d %s: %s%n", report.count(verdict), verdict.wire(), verdict.meaning());
        }
        if (report.forgotten() > 0) {
            err.printf(
                    "  %d streams were forgotten, see --keys-max: what came of them later counts as"
                            + " gap%n",
                    report.forgotten());
        }
    }
}
