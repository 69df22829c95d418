package io.tidemark.auditor.internal;

import io.tidemark.auditor.ReplayDifference;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.auditor.ReplayedStream;
import io.tidemark.auditor.internal.PartitionReplay.Projected;
import io.tidemark.auditor.internal.WrittenPartition.Placed;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.StreamId;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What folding a written partition again finds. Reads it as a broker would give it. */
final class WrittenReplay implements PartitionReplay.Again, PartitionReplay.Sink {
    private final WrittenPartition log;
    private final Map<StreamId, ReplayedStream> told = new LinkedHashMap<>();
    final List<byte[]> printed = new ArrayList<>();
    final EnumSet<ResultKind> unsettled = EnumSet.noneOf(ResultKind.class);
    final Map<ResultKind, Horizon> horizons = new LinkedHashMap<>();
    boolean printing;
    int readAgain;

    WrittenReplay(WrittenPartition log) {
        this.log = log;
    }

    WrittenReplay run() {
        var rules =
                new Rules(
                        WrittenPartition.TOPICS,
                        log.scope,
                        false,
                        log.limits,
                        PriceTable.NONE,
                        log.opener);
        long end = log.events.isEmpty() ? 0 : log.events.getLast().offset() + 1;
        var replay = new PartitionReplay(rules, StreamWriter.PARTITION, log.horizon, end);
        for (var placed : log.events) {
            if (!replay.enough()) {
                replay.event(placed.record());
            }
        }
        replay.eventsRead();
        log.results.forEach(
                (kind, topic) -> topic.forEach(placed -> replay.result(kind, placed.record())));
        log.erasures.forEach(placed -> replay.erasure(placed.record()));
        log.lateErasures.forEach(placed -> replay.erasure(placed.record()));
        replay.finish(new Projected(log.projected, unsettled, horizons), this, this);
        return this;
    }

    ReplayVerdict verdict(StreamId id) {
        return stream(id).verdict();
    }

    /** Kind, topic and pointer of each difference. */
    List<String> differences(StreamId id) {
        return stream(id).differences().stream().map(WrittenReplay::shown).toList();
    }

    private static String shown(ReplayDifference difference) {
        return difference.kind().wire() + " " + difference.topic() + difference.pointer();
    }

    private ReplayedStream stream(StreamId id) {
        var stream = told.get(id);
        if (stream == null) {
            throw new AssertionError("nothing was told of " + id);
        }
        return stream;
    }

    int told() {
        return told.size();
    }

    @Override
    public LogFold fold(StreamId id, long first, long end) {
        readAgain++;
        var fold = new StreamFold(id, WrittenPartition.TOPICS.events().messageBytesMax());
        for (var placed : log.events) {
            boolean inside = placed.offset() >= first && placed.offset() < end;
            switch (EventRecord.of(placed.record())) {
                case EventRecord.Entry entry when inside && entry.id().equals(id) -> {
                    if (fold.admits(entry.headers())) {
                        fold.add(entry);
                    }
                }
                case EventRecord.Fence fence when inside && fence.id().equals(id) ->
                        fold.fence(fence.attempt());
                default -> {} // another stream's
            }
        }
        return fold.fold();
    }

    @Override
    public byte[] published(ResultKind kind, long offset) {
        return log.results(kind).stream()
                .filter(placed -> placed.offset() == offset)
                .map(Placed::record)
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Override
    public boolean isTold(ReplayVerdict verdict) {
        return true;
    }

    @Override
    public boolean printing() {
        return printing;
    }

    @Override
    public void folded(byte[] response) {
        printed.add(response);
    }

    @Override
    public void replayed(ReplayedStream stream) {
        told.put(stream.requestId(), stream);
    }
}
