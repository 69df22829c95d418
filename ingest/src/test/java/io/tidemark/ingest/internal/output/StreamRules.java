package io.tidemark.ingest.internal.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.LaneDigest;
import io.tidemark.ingest.internal.Unicode;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold of every stream, whatever the provider sent. */
public final class StreamRules {
    private final Set<ItemKey> started = new HashSet<>();
    private final Set<ItemKey> completed = new HashSet<>();
    private final Map<LaneKey, LaneDigest> lanes = new HashMap<>();
    private final Set<LaneKey> open = new HashSet<>();
    private long cursor = -1;

    private record ItemKey(int choice, int outputIndex) {
        static ItemKey of(Placement place) {
            var index = place.outputIndex();
            return new ItemKey(place.choice(), index == null ? -1 : index);
        }
    }

    private record LaneKey(
            ItemKey item,
            @Nullable Integer part,
            Lane lane,
            @Nullable Form form,
            @Nullable String segment) {}

    private StreamRules() {}

    /** Fails unless all rules hold. */
    public static void check(List<StreamEvent> events) {
        var rules = new StreamRules();
        assertThat(events.getFirst().body()).isInstanceOf(Started.class);
        assertThat(events.stream().filter(StreamEvent::terminal)).hasSize(1);
        assertThat(events.getLast().terminal()).isTrue();
        for (var event : events) {
            rules.place(event);
            rules.body(event.placement(), event.body());
        }
        assertThat(rules.completed).as("closed items").isEqualTo(rules.started);
        assertThat(rules.open).as("open lanes").isEmpty();
    }

    /** Fails unless each event reads as what it was written as; costs more than all other rules. */
    public static void checkCodec(List<StreamEvent> events) {
        for (var event : events) {
            assertThat(EventCodec.decode(EventCodec.encode(event)).type()).isEqualTo(event.type());
        }
    }

    private void place(StreamEvent event) {
        var place = event.placement();
        if (place.providerSequence() != null) {
            assertThat(place.providerSequence()).isGreaterThanOrEqualTo(cursor);
            cursor = place.providerSequence();
        }
        if (event.body() instanceof ItemStarted) {
            assertThat(started.add(ItemKey.of(place))).as("started once").isTrue();
        } else if (place.outputIndex() != null) {
            assertThat(started.contains(ItemKey.of(place)))
                    .as("started before %s", event.type())
                    .isTrue();
        }
    }

    private void body(Placement place, EventBody body) {
        switch (body) {
            case ItemCompleted _ ->
                    assertThat(completed.add(ItemKey.of(place))).as("completed once").isTrue();
            case ContentCompleted end -> close(place, end);
            case TextDelta delta -> {
                assertThat(delta.text().isEmpty() && delta.logprobs() == null).isFalse();
                text(place, Lane.TEXT, null, delta.text());
            }
            case RefusalDelta delta -> nonEmpty(place, Lane.REFUSAL, null, delta.text());
            case ReasoningDelta delta ->
                    nonEmpty(place, Lane.REASONING, delta.form(), delta.text());
            case TranscriptDelta delta -> transcript(place, delta);
            case ToolDelta delta -> nonEmpty(place, Lane.TOOL, null, delta.text());
            case AudioDelta delta ->
                    lane(place, Lane.AUDIO, null).add(Base64.getDecoder().decode(delta.base64()));
            case ToolCall _ ->
                    open.removeIf(
                            key -> key.item().equals(ItemKey.of(place)) && key.lane() == Lane.TOOL);
            default -> {}
        }
    }

    private void transcript(Placement place, TranscriptDelta delta) {
        boolean says =
                delta.speaker() != null
                        || delta.startMs() != null
                        || delta.endMs() != null
                        || delta.language() != null;
        assertThat(delta.text().isEmpty() && delta.logprobs() == null && !says).isFalse();
        assertThat(delta.text()).isEqualTo(Unicode.wellFormed(delta.text()));
        lane(place, Lane.TRANSCRIPT, null, delta.segmentId()).add(delta.text());
    }

    private void nonEmpty(Placement place, Lane lane, @Nullable Form form, String text) {
        assertThat(text).isNotEmpty();
        text(place, lane, form, text);
    }

    private void text(Placement place, Lane lane, @Nullable Form form, String text) {
        assertThat(text).isEqualTo(Unicode.wellFormed(text));
        lane(place, lane, form).add(text);
    }

    private LaneDigest lane(Placement place, Lane lane, @Nullable Form form) {
        return lane(place, lane, form, null);
    }

    private LaneDigest lane(
            Placement place, Lane lane, @Nullable Form form, @Nullable String segment) {
        var key = new LaneKey(ItemKey.of(place), place.contentIndex(), lane, form, segment);
        open.add(key);
        return lanes.computeIfAbsent(key, _ -> new LaneDigest());
    }

    private void close(Placement place, ContentCompleted end) {
        var digest = lane(place, end.lane(), end.form(), end.segmentId());
        open.remove(
                new LaneKey(
                        ItemKey.of(place),
                        place.contentIndex(),
                        end.lane(),
                        end.form(),
                        end.segmentId()));
        assertThat(end.bytes()).isEqualTo(digest.bytes());
        assertThat(end.sha256()).isEqualTo(digest.sha256());
    }
}
