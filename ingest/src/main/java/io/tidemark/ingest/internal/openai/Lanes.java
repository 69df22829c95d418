package io.tidemark.ingest.internal.openai;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The lanes of one item, in order of first sight. */
final class Lanes {
    /** Most lanes of one item. */
    static final int LANES_MAX = 1024;

    private final Allowance allowance;
    private final Map<Key, LaneState> lanes = new LinkedHashMap<>();
    private final Map<Integer, LaneState> announcedReasoning = new HashMap<>();

    Lanes(Allowance allowance) {
        this.allowance = allowance;
    }

    private record Key(LaneKind kind, @Nullable Integer contentIndex) {}

    /** The lane of that kind and part, which is opened if it is not there. */
    LaneState lane(LaneKind kind, @Nullable Integer contentIndex) {
        var key = new Key(kind, contentIndex);
        var lane = lanes.get(key);
        if (lane == null) {
            ProtocolViolation.requireRoom("lanes in one item", lanes.size(), LANES_MAX);
            allowance.takeLane();
            lane = new LaneState(kind, contentIndex, allowance);
            lanes.put(key, lane);
        }
        return lane;
    }

    /** The lane that a piece of such a part belongs to. */
    LaneState streamed(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING ? reasoning(partIndex) : lane(kind, partIndex);
    }

    /** The lane of such a part that begins. */
    LaneState announced(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING ? announceReasoning(partIndex) : lane(kind, partIndex);
    }

    /** The lane of such a part that is restated. */
    LaneState stated(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING ? statedReasoning(partIndex) : lane(kind, partIndex);
    }

    /** The lane of the item's one input. */
    LaneState input(LaneKind kind) {
        return lane(kind, null);
    }

    /*
     * An index alone opens no lane of reasoning while another one is open, because vLLM counts it up
     * with every delta; lanes are numbered in order of first sight instead.
     */
    private LaneState reasoning(int providerIndex) {
        var announced = announcedReasoning.get(providerIndex);
        if (announced != null) {
            return announced;
        }
        return openReasoning().orElseGet(() -> announceReasoning(providerIndex));
    }

    private LaneState announceReasoning(int providerIndex) {
        var known = announcedReasoning.get(providerIndex);
        if (known != null) {
            return known;
        }
        var lane = lane(LaneKind.REASONING, count(LaneKind.REASONING));
        announcedReasoning.put(providerIndex, lane);
        return lane;
    }

    private LaneState statedReasoning(int providerIndex) {
        var announced = announcedReasoning.get(providerIndex);
        if (announced != null) {
            return announced;
        }
        return openReasoning()
                .or(this::latestReasoning)
                .orElseGet(() -> announceReasoning(providerIndex));
    }

    Collection<LaneState> all() {
        return List.copyOf(lanes.values());
    }

    private int count(LaneKind kind) {
        return (int) lanes.keySet().stream().filter(key -> key.kind() == kind).count();
    }

    private Optional<LaneState> openReasoning() {
        return latestReasoning(LaneState::open);
    }

    private Optional<LaneState> latestReasoning() {
        return latestReasoning(_ -> true);
    }

    private Optional<LaneState> latestReasoning(Predicate<LaneState> which) {
        return lanes.values().stream()
                .filter(lane -> lane.kind() == LaneKind.REASONING && which.test(lane))
                .reduce((_, latest) -> latest);
    }
}
