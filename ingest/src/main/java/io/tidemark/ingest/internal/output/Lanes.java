package io.tidemark.ingest.internal.output;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The lanes of one item, in order of first sight. */
public final class Lanes {
    /** Most lanes of one item. */
    public static final int LANES_MAX = 1024;

    private final Allowance allowance;
    private final Map<Key, LaneState> lanes = new LinkedHashMap<>();

    public Lanes(Allowance allowance) {
        this.allowance = allowance;
    }

    private record Key(LaneKind kind, @Nullable Integer contentIndex, @Nullable String segmentId) {}

    /** The lane of that kind and part, which is opened if it is not there. */
    public LaneState lane(LaneKind kind, @Nullable Integer contentIndex) {
        return lane(new Key(kind, contentIndex, null));
    }

    /** The lane of a segment of what was said aloud in that part; opened if it is not there. */
    public LaneState segment(int contentIndex, String segmentId) {
        return lane(new Key(LaneKind.TRANSCRIPT, contentIndex, segmentId));
    }

    private LaneState lane(Key key) {
        var lane = lanes.get(key);
        if (lane == null) {
            ProtocolViolation.requireRoom("lanes in one item", lanes.size(), LANES_MAX);
            allowance.takeLane();
            lane = new LaneState(key.kind(), key.contentIndex(), key.segmentId(), allowance);
            lanes.put(key, lane);
        }
        return lane;
    }

    /**
     * The lane of the item's one input. To readers all kinds of input are one lane, so that another
     * kind than before goes on with the same.
     */
    public LaneState input(LaneKind kind) {
        return lanes.values().stream()
                .filter(lane -> lane.contentIndex() == null && lane.kind().inputKind() != null)
                .findFirst()
                .orElseGet(() -> lane(kind, null));
    }

    /** All lanes, in order of first sight. */
    public Collection<LaneState> all() {
        return List.copyOf(lanes.values());
    }

    /** How many there are of that kind. */
    public int count(LaneKind kind) {
        return (int) lanes.keySet().stream().filter(key -> key.kind() == kind).count();
    }

    /** The last opened of that kind that fits. */
    public Optional<LaneState> latest(LaneKind kind, Predicate<LaneState> which) {
        return lanes.values().stream()
                .filter(lane -> lane.kind() == kind && which.test(lane))
                .reduce((_, latest) -> latest);
    }
}
