package io.tidemark.ingest.internal;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is open in a stream, folded from its events in the log: the items without an end and the
 * lanes without a sum. Whoever ends a stream that it did not write itself closes these first, as
 * {@code docs/protocol.md} asks, with the sizes and hashes of what is really there.
 *
 * <p>Keeps a running hash of each lane, never its text: of a closed one too, since a provider may
 * go on with it, and its next sum is of all of it. Confined to one thread.
 */
final class OpenContent {
    private record ItemKey(int choice, int outputIndex) {
        static ItemKey of(Placement place) {
            return new ItemKey(place.choice(), Objects.requireNonNullElse(place.outputIndex(), 0));
        }
    }

    private record LaneKey(
            ItemKey item,
            @Nullable Integer contentIndex,
            Lane lane,
            @Nullable Form form,
            @Nullable String segmentId) {}

    private record OpenItem(Placement place, String kind) {}

    private static final class KnownLane {
        private final Placement place;
        private final LaneDigest digest = new LaneDigest();
        private boolean open = true;

        KnownLane(Placement place) {
            this.place = place;
        }

        boolean sameAs(@Nullable KnownLane other) {
            return other != null
                    && open == other.open
                    && digest.bytes() == other.digest.bytes()
                    && digest.sha256().equals(other.digest.sha256());
        }
    }

    private final Map<ItemKey, OpenItem> items = new LinkedHashMap<>();
    private final Map<LaneKey, KnownLane> lanes = new LinkedHashMap<>();
    private final ProviderStory story = new ProviderStory();
    private boolean contentSeen;
    private int attempts;

    /** The next event of the stream, in order of sequence. */
    void add(StreamEvent event) {
        add(event.placement(), event.body());
    }

    /** The same of what such an event would say. */
    void add(Placement place, EventBody body) {
        story.add(place, body);
        contentSeen |= Draft.content(body);
        switch (body) {
            case Started started -> attempt(started.attempt());
            case Status status -> attempt(status.attempt());
            case ItemStarted started ->
                    items.put(
                            ItemKey.of(place),
                            new OpenItem(bare(place, null), started.item().kind()));
            case ItemCompleted _ -> close(ItemKey.of(place));
            case ToolCall _ -> closeInput(ItemKey.of(place));
            case ContentCompleted sum -> {
                var lane = lanes.get(key(place, sum.lane(), sum.form(), sum.segmentId()));
                if (lane != null) {
                    lane.open = false;
                }
            }
            case TextDelta delta -> text(place, Lane.TEXT, null, null, delta.text());
            case ReasoningDelta delta ->
                    text(place, Lane.REASONING, delta.form(), null, delta.text());
            case RefusalDelta delta -> text(place, Lane.REFUSAL, null, null, delta.text());
            case TranscriptDelta delta ->
                    text(place, Lane.TRANSCRIPT, null, delta.segmentId(), delta.text());
            case ToolDelta delta -> text(place, Lane.TOOL, null, null, delta.text());
            case AudioDelta delta ->
                    bytes(place, key(place, Lane.AUDIO, null, null), decoded(delta.base64()));
            default -> {} // opens nothing and closes nothing
        }
    }

    private void attempt(@Nullable Integer number) {
        attempts = number == null ? attempts : Math.max(attempts, number);
    }

    /** How much of the provider's response there is. */
    ProviderStory story() {
        return story;
    }

    /** Whether both are of the same part of the same response: no piece of a lane differs. */
    boolean sameAs(OpenContent other) {
        return story.matches(other.story)
                && items.keySet().equals(other.items.keySet())
                && lanes.keySet().equals(other.lanes.keySet())
                && lanes.entrySet().stream()
                        .allMatch(lane -> lane.getValue().sameAs(other.lanes.get(lane.getKey())));
    }

    /** How often a provider was asked; 0 if that was never said. */
    int attempts() {
        return attempts;
    }

    /** Whether anything but the stream's own story was written: if so, nothing can be retried. */
    boolean contentSeen() {
        return contentSeen;
    }

    /** The events that close what is open, item by item, each item's lanes before its end. */
    List<Draft> closing() {
        var drafts = new ArrayList<Draft>();
        items.forEach((key, item) -> {
            closeLanes(key, drafts);
            drafts.add(
                    new Draft(
                            item.place(),
                            new ItemCompleted(item.kind(), ItemStatus.INCOMPLETE, null, null)));
        });
        lanes.keySet().forEach(key -> closeLanes(key.item(), drafts));
        items.clear();
        return drafts;
    }

    private void closeLanes(ItemKey item, List<Draft> drafts) {
        lanes.forEach((key, lane) -> {
            if (lane.open && key.item().equals(item)) {
                drafts.add(truncated(key, lane));
                lane.open = false;
            }
        });
    }

    private static Draft truncated(LaneKey key, KnownLane lane) {
        return new Draft(
                lane.place,
                new ContentCompleted(
                        key.lane(),
                        key.form(),
                        key.segmentId(),
                        lane.digest.bytes(),
                        lane.digest.sha256(),
                        true));
    }

    private void close(ItemKey item) {
        items.remove(item);
        lanes.forEach((key, lane) -> lane.open &= !key.item().equals(item));
    }

    /* The call holds the whole input: nothing of it can be missing any more. */
    private void closeInput(ItemKey item) {
        lanes.forEach(
                (key, lane) -> lane.open &= !(key.item().equals(item) && key.lane() == Lane.TOOL));
    }

    private void text(
            Placement place,
            Lane lane,
            @Nullable Form form,
            @Nullable String segmentId,
            String text) {
        bytes(place, key(place, lane, form, segmentId), text.getBytes(StandardCharsets.UTF_8));
    }

    /* What is no base64 counts as it stands: whoever folds the log does the same, and never fails. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return base64.getBytes(StandardCharsets.UTF_8);
        }
    }

    private void bytes(Placement place, LaneKey key, byte[] piece) {
        var lane =
                lanes.computeIfAbsent(key, _ -> new KnownLane(bare(place, place.contentIndex())));
        lane.digest.add(piece);
        lane.open = true;
    }

    private static LaneKey key(
            Placement place, Lane lane, @Nullable Form form, @Nullable String segmentId) {
        return new LaneKey(ItemKey.of(place), place.contentIndex(), lane, form, segmentId);
    }

    /* Where it belongs, without what the provider said of that one event. */
    private static Placement bare(Placement place, @Nullable Integer contentIndex) {
        return new Placement(
                place.outputIndex(),
                contentIndex,
                place.choiceIndex(),
                place.itemId(),
                place.agent(),
                place.sessionId(),
                null,
                null,
                null,
                null,
                null);
    }
}
