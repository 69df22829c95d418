package io.tidemark.auditor;

import io.tidemark.auditor.internal.PartitionReplay;
import io.tidemark.schemas.Scope;

import java.util.EnumMap;
import java.util.Map;

/** Counts streams by verdict and tells of those that are asked for. Confined to one thread. */
final class ReplayTally implements PartitionReplay.Sink {
    private final boolean byName;
    private final boolean print;
    private final int toldMax;
    private final ReplayListener listener;
    private final Map<ReplayVerdict, Long> streams = new EnumMap<>(ReplayVerdict.class);
    private int told;
    private long untold;

    ReplayTally(ReplayConfig config, ReplayListener listener) {
        this.byName = config.scope() instanceof Scope.Several;
        this.print = byName && config.print();
        this.toldMax = config.limits().violationsMax();
        this.listener = listener;
    }

    @Override
    public boolean isTold(ReplayVerdict verdict) {
        streams.merge(verdict, 1L, Long::sum);
        if (byName) {
            return true;
        }
        if (!verdict.wrong() && !verdict.unchecked()) {
            return false;
        }
        boolean room = told < toldMax;
        if (room) {
            told++;
        } else {
            untold++;
        }
        return room;
    }

    @Override
    public boolean printing() {
        return print;
    }

    @Override
    public void folded(byte[] response) {
        listener.folded(response);
    }

    @Override
    public void replayed(ReplayedStream stream) {
        listener.replayed(stream);
    }

    ReplaySummary summary() {
        return new ReplaySummary(streams, untold);
    }
}
