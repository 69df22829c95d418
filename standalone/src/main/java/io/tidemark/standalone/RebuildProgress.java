package io.tidemark.standalone;

import io.tidemark.projector.RebuildListener;
import io.tidemark.projector.RebuildReport;
import io.tidemark.projector.RebuildReport.Compared;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells whoever runs a rebuild how it goes on, in lines. Confined to one thread. */
final class RebuildProgress implements RebuildListener {
    /** Least time between two lines that say how much is left. */
    static final Duration SAY_EVERY = Duration.ofSeconds(2);

    private final PrintWriter out;
    private final LongSupplier nanoTime;
    private long lastSaid;
    private boolean saidOnce;

    RebuildProgress(PrintWriter out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public void started(int generation, boolean resumed) {
        say((resumed ? "going on with" : "making") + " generation " + generation + " of results");
    }

    @Override
    public void behind(long events) {
        long now = nanoTime.getAsLong();
        if (!saidOnce || now - lastSaid >= SAY_EVERY.toNanos()) {
            saidOnce = true;
            lastSaid = now;
            say("%,d records of events left".formatted(events));
        }
    }

    @Override
    public void comparing() {
        say("everything is read; comparing with what counts");
    }

    @Override
    public void switched(int generation) {
        say("generation " + generation + " counts now");
    }

    @Override
    public void retiring() {
        say("waiting for projectors to leave the one before, to delete it");
    }

    /** Says what came of it. */
    void done(RebuildReport report, boolean keptOld) {
        say(compared("responses", report.responses()));
        say(compared("ledger rows", report.usage()));
        say(compared("rollups", report.rollups()));
        if (!report.deleted().isEmpty()) {
            say("deleted " + report.deleted().stream().sorted().toList());
        } else if (!keptOld) {
            say("the results before were not deleted: a projector still works on them");
        }
    }

    private static String compared(String kind, Compared found) {
        var counts =
                "%s: %,d equal, %,d changed, %,d new, %,d gone"
                        .formatted(
                                kind,
                                found.equal(),
                                found.changed(),
                                found.added(),
                                found.missing());
        return found.changed() == 0
                ? counts
                : counts + "; changed are for example " + found.changedKeys();
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
