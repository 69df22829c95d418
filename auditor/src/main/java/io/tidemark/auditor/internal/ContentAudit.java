package io.tidemark.auditor.internal;

import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.DeltaBody;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.ToolBody;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Items and lanes of one stream while it goes on: sections 3.5 and 3.6. Keeps running hashes, never
 * a text. Confined to one thread.
 */
final class ContentAudit {
    /** Takes what is wrong with the event that was added last. */
    interface Complaints {
        void add(ViolationCode code, String expected, String found);
    }

    private record ItemKey(int choice, int outputIndex) {
        @Override
        public String toString() {
            return "choice " + choice + ", item " + outputIndex;
        }
    }

    private record LaneKey(
            ItemKey item,
            @Nullable Integer contentIndex,
            Lane lane,
            @Nullable Form form,
            @Nullable String segmentId) {}

    private final Map<ItemKey, Boolean> completed = new HashMap<>();
    private final Map<LaneKey, LaneSum> lanes = new HashMap<>();
    private final Complaints complaints;

    ContentAudit(Complaints complaints) {
        this.complaints = complaints;
    }

    /** The next accepted event. */
    void add(StreamEvent event) {
        var place = event.placement();
        if (event.body() instanceof ItemStarted) {
            start(key(place));
        } else if (aboutAnItem(event)) {
            requireStarted(key(place));
        }
        switch (event.body()) {
            case ItemBody item -> addItem(place, item);
            case DeltaBody delta -> addDelta(place, delta);
            case ToolDelta delta -> lane(place, Lane.TOOL, null, null).text(delta.text());
            /* The call holds the whole input, so its lane needs no sum. */
            case ToolCall _ -> closeInput(key(place));
            default -> {} // says nothing of a lane
        }
    }

    private static boolean aboutAnItem(StreamEvent event) {
        EventBody body = event.body();
        return event.placement().outputIndex() != null
                || body instanceof ItemBody
                || body instanceof DeltaBody
                || body instanceof ToolBody;
    }

    private void start(ItemKey item) {
        if (completed.putIfAbsent(item, false) != null) {
            complaints.add(
                    ViolationCode.ITEM_STARTED_TWICE, "one item.started", item + " started again");
        }
    }

    private void requireStarted(ItemKey item) {
        if (completed.putIfAbsent(item, false) == null) {
            complaints.add(
                    ViolationCode.ITEM_NOT_STARTED, "item.started first", item + " not started");
        }
    }

    private void addItem(Placement place, ItemBody body) {
        switch (body) {
            case ItemStarted _ -> {} // taken in before
            case ItemCompleted _ -> completed.put(key(place), true);
            case ContentCompleted sum -> compare(place, sum);
        }
    }

    private void compare(Placement place, ContentCompleted said) {
        var lane = lane(place, said.lane(), said.form(), said.segmentId());
        lane.close();
        var found = lane.soFar();
        if (!LaneSum.matches(said, found)) {
            complaints.add(
                    ViolationCode.LANE_MISMATCH,
                    said.bytes() + " bytes, sha256 " + hashOf(said),
                    found.shown());
        }
    }

    /* The writer's own field: whatever else stands there is not repeated. */
    private static String hashOf(ContentCompleted said) {
        var hash = said.sha256();
        if (hash == null) {
            return "not given";
        }
        return hash.matches("[0-9a-f]{64}") ? hash : "not in hex";
    }

    private void addDelta(Placement place, DeltaBody body) {
        switch (body) {
            case TextDelta delta -> lane(place, Lane.TEXT, null, null).text(delta.text());
            case ReasoningDelta delta ->
                    lane(place, Lane.REASONING, delta.form(), null).text(delta.text());
            case RefusalDelta delta -> lane(place, Lane.REFUSAL, null, null).text(delta.text());
            case TranscriptDelta delta ->
                    lane(place, Lane.TRANSCRIPT, null, delta.segmentId()).text(delta.text());
            case AudioDelta delta -> lane(place, Lane.AUDIO, null, null).base64(delta.base64());
            case ImageSnapshot _, CitationAdded _ -> {} // replaces, or points at a lane
        }
    }

    private LaneSum lane(
            Placement place, Lane lane, @Nullable Form form, @Nullable String segmentId) {
        return lanes.computeIfAbsent(
                new LaneKey(key(place), place.contentIndex(), lane, form, segmentId),
                _ -> new LaneSum());
    }

    private void closeInput(ItemKey item) {
        lanes.forEach((key, lane) -> {
            if (key.lane() == Lane.TOOL && key.item().equals(item)) {
                lane.close();
            }
        });
    }

    private static ItemKey key(Placement place) {
        return new ItemKey(place.choice(), place.outputIndex() == null ? 0 : place.outputIndex());
    }

    /** The event added last was the terminal: nothing may be open. */
    void end() {
        long items = completed.values().stream().filter(done -> !done).count();
        if (items > 0) {
            complaints.add(
                    ViolationCode.ITEM_NOT_COMPLETED,
                    "no open item",
                    "%d of %d open".formatted(items, completed.size()));
        }
        long open = lanes.values().stream().filter(LaneSum::open).count();
        if (open > 0) {
            complaints.add(
                    ViolationCode.LANE_NOT_COMPLETED,
                    "no open lane",
                    "%d of %d open".formatted(open, lanes.size()));
        }
    }
}
