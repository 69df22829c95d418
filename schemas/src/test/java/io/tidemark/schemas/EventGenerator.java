package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Scope;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.AudioActivity;
import io.tidemark.schemas.ReportBody.ConversationUpdated;
import io.tidemark.schemas.ReportBody.Direction;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.SessionUpdated;
import io.tidemark.schemas.ReportBody.Stage;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.OutputStream;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolResult;
import io.tidemark.schemas.ToolBody.ToolStatus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Makes valid bodies, events and whole streams of all types from a seed: equal seeds give equal
 * events. Every optional field is absent at times. Confined to one thread.
 */
final class EventGenerator {
    private static final List<EventType> INSIDE =
            Arrays.stream(EventType.values())
                    .filter(type -> type != EventType.STREAM_STARTED)
                    .filter(type -> !EventType.endsStream(type.wire()))
                    .toList();

    private final long seed;
    private final RandomValues any;
    private final StreamId id;

    EventGenerator(long seed) {
        this.seed = seed;
        any = new RandomValues(seed);
        id = StreamId.mint(() -> Instant.ofEpochMilli(1_795_185_600_000L), any.random, 5);
    }

    long seed() {
        return seed;
    }

    RandomValues values() {
        return any;
    }

    /** A whole stream: a start, up to {@code insideMax} events of any type, and an end. */
    List<StreamEvent> stream(int insideMax) {
        var types = new ArrayList<EventType>();
        types.add(EventType.STREAM_STARTED);
        int inside = any.random.nextInt(insideMax + 1);
        for (int i = 0; i < inside; i++) {
            types.add(any.oneOf(INSIDE));
        }
        types.add(any.flag() ? EventType.STREAM_COMPLETED : EventType.STREAM_FAILED);
        var events = new ArrayList<StreamEvent>();
        for (int i = 0; i < types.size(); i++) {
            events.add(event(types.get(i), i));
        }
        return events;
    }

    StreamEvent event() {
        return event(any.oneOf(EventType.class), any.number());
    }

    StreamEvent event(EventType type, long sequence) {
        long at = id.time().toEpochMilli() + sequence * 20 % 1_000_000;
        return new StreamEvent(id, sequence, at, placement(), body(type));
    }

    private Placement placement() {
        return new Placement(
                any.index(),
                any.maybe(any::index),
                any.random.nextInt(6) == 0 ? 1 : null,
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::index));
    }

    EventBody body(EventType type) {
        return switch (type) {
            case STREAM_STARTED -> started();
            case STREAM_STATUS ->
                    new Status(
                            any.name(),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::index),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(() -> Map.of(any.name(), any.name())));
            case STREAM_WARNING -> new Warning(any.name(), any.name(), any.maybe(any::name));
            case STREAM_COMPLETED -> completed();
            case STREAM_FAILED -> failed();
            case ITEM_STARTED -> new ItemStarted(item());
            case ITEM_COMPLETED ->
                    new ItemCompleted(
                            any.maybe(any::name),
                            any.oneOf(ItemStatus.class),
                            any.maybe(any::content),
                            any.maybe(any::content));
            case CONTENT_COMPLETED -> contentCompleted();
            case TEXT_DELTA,
                    REASONING_DELTA,
                    REFUSAL_DELTA,
                    AUDIO_DELTA,
                    TRANSCRIPT_DELTA,
                    IMAGE_SNAPSHOT,
                    CITATION_ADDED ->
                    delta(type);
            case TOOL_DELTA, TOOL_CALL, TOOL_STATUS, TOOL_RESULT -> tool(type);
            case USAGE_UPDATED,
                    SAFETY_UPDATED,
                    SESSION_UPDATED,
                    CONVERSATION_UPDATED,
                    AUDIO_ACTIVITY,
                    PROVIDER_EVENT ->
                    report(type);
        };
    }

    private Started started() {
        return new Started(
                any.name(),
                any.name(),
                any.maybe(any::name),
                any.maybe(() -> any.oneOf(Scope.class)),
                any.maybe(any::index),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::metadata));
    }

    private Completed completed() {
        return new Completed(
                any.oneOf(Outcome.class),
                any.oneOf(FinishReason.class).wire(),
                any.maybe(any::name),
                any.maybe(() -> List.of(any.object(), any.object())),
                any.maybe(this::usage),
                any.maybe(any::name),
                any.maybe(any::name));
    }

    private Failed failed() {
        var code = any.oneOf(ErrorCode.class);
        return new Failed(
                code.wire(),
                any.name(),
                code.retryable(),
                any.maybe(any::number),
                any.maybe(any::flag),
                any.maybe(() -> 400 + any.random.nextInt(200)),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(this::usage),
                any.maybe(any::name));
    }

    private Item item() {
        return new Item(
                any.oneOf(List.of(Item.MESSAGE, Item.REASONING, Item.TOOL_CALL, Item.OTHER)),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name));
    }

    private ContentCompleted contentCompleted() {
        return new ContentCompleted(
                any.oneOf(Lane.class),
                any.maybe(() -> any.oneOf(Form.class)),
                any.maybe(any::name),
                any.number(),
                any.maybe(any::name),
                any.maybe(any::flag));
    }

    private EventBody delta(EventType type) {
        return switch (type) {
            case TEXT_DELTA -> new TextDelta(any.content(), any.maybe(any::array));
            case REASONING_DELTA ->
                    new ReasoningDelta(any.content(), any.maybe(() -> any.oneOf(Form.class)));
            case REFUSAL_DELTA -> new RefusalDelta(any.content());
            case AUDIO_DELTA ->
                    new AudioDelta(
                            any.name(),
                            any.base64(),
                            any.maybe(any::index),
                            any.maybe(any::index),
                            any.maybe(any::number),
                            any.maybe(any::number));
            case TRANSCRIPT_DELTA ->
                    new TranscriptDelta(
                            any.content(),
                            any.maybe(() -> any.oneOf(Speaker.class)),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::number),
                            any.maybe(any::number),
                            any.maybe(any::name),
                            any.maybe(any::array));
            case IMAGE_SNAPSHOT ->
                    new ImageSnapshot(
                            any.name(),
                            any.maybe(any::base64),
                            any.maybe(any::url),
                            any.maybe(any::index),
                            any.flag());
            default -> new CitationAdded(any.maybe(any::index), citation());
        };
    }

    private Citation citation() {
        return new Citation(
                any.name(),
                any.maybe(any::url),
                any.maybe(any::content),
                any.maybe(any::name),
                any.maybe(any::content),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::content),
                any.maybe(any::json));
    }

    private EventBody tool(EventType type) {
        return switch (type) {
            case TOOL_DELTA ->
                    new ToolDelta(
                            any.maybe(any::name),
                            any.oneOf(InputKind.class),
                            any.content(),
                            any.maybe(any::content));
            case TOOL_CALL ->
                    new ToolCall(
                            any.maybe(any::name),
                            any.name(),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.oneOf(InputKind.class),
                            any.content(),
                            any.oneOf(Executor.class),
                            any.maybe(any::flag),
                            any.maybe(any::content));
            case TOOL_STATUS -> new ToolStatus(any.name(), any.maybe(any::name), any.name());
            default ->
                    new ToolResult(
                            any.name(),
                            any.maybe(any::name),
                            any.maybe(any::json),
                            any.maybe(() -> any.oneOf(OutputStream.class)),
                            any.flag(),
                            any.maybe(any::flag));
        };
    }

    private EventBody report(EventType type) {
        return switch (type) {
            case USAGE_UPDATED ->
                    new UsageUpdated(
                            usage(),
                            any.maybe(() -> any.oneOf(List.of("generation", "transcription"))),
                            any.maybe(any::flag));
            case SAFETY_UPDATED ->
                    new SafetyUpdated(
                            any.oneOf(Stage.class),
                            any.maybe(any::flag),
                            any.maybe(any::array),
                            any.maybe(any::object));
            case SESSION_UPDATED ->
                    new SessionUpdated(
                            any.name(),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::number),
                            any.maybe(any::array),
                            any.maybe(any::flag),
                            any.maybe(any::content),
                            any.maybe(any::content));
            case CONVERSATION_UPDATED ->
                    new ConversationUpdated(
                            any.name(),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::name),
                            any.maybe(any::number));
            case AUDIO_ACTIVITY ->
                    new AudioActivity(
                            any.oneOf(Direction.class),
                            any.name(),
                            any.maybe(any::number),
                            any.maybe(any::number),
                            any.maybe(any::name));
            default ->
                    new ProviderEvent(
                            any.name(),
                            any.name(),
                            any.oneOf(Reason.class),
                            any.maybe(any::json),
                            any.maybe(any::name));
        };
    }

    private Usage usage() {
        return new Usage(
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(any::number),
                any.maybe(() -> any.random.nextInt(1000) / 8.0),
                any.maybe(any::flag),
                any.maybe(any::object));
    }
}
