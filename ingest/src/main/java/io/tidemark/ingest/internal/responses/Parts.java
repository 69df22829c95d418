package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.Lanes;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which lane of an item a part of the provider's is. An index alone opens no lane of reasoning
 * while another one is open, because vLLM counts it up with every delta; lanes of reasoning are
 * numbered in order of first sight instead.
 */
final class Parts {
    private final Lanes lanes;
    private final Map<Integer, LaneState> announcedReasoning = new HashMap<>();

    Parts(Lanes lanes) {
        this.lanes = lanes;
    }

    /** The lane that a piece of such a part belongs to. */
    LaneState streamed(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING ? reasoning(partIndex) : lanes.lane(kind, partIndex);
    }

    /** The lane of such a part that begins. */
    LaneState announced(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING
                ? announceReasoning(partIndex)
                : lanes.lane(kind, partIndex);
    }

    /** The lane of such a part that is restated. */
    LaneState stated(LaneKind kind, int partIndex) {
        return kind == LaneKind.REASONING
                ? statedReasoning(partIndex)
                : lanes.lane(kind, partIndex);
    }

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
        var lane = lanes.lane(LaneKind.REASONING, lanes.count(LaneKind.REASONING));
        announcedReasoning.put(providerIndex, lane);
        return lane;
    }

    private LaneState statedReasoning(int providerIndex) {
        var announced = announcedReasoning.get(providerIndex);
        if (announced != null) {
            return announced;
        }
        return openReasoning()
                .or(() -> lanes.latest(LaneKind.REASONING, _ -> true))
                .orElseGet(() -> announceReasoning(providerIndex));
    }

    private Optional<LaneState> openReasoning() {
        return lanes.latest(LaneKind.REASONING, LaneState::open);
    }
}
