package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.AudioActivity;
import io.tidemark.schemas.ReportBody.ConversationUpdated;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.SessionUpdated;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolResult;
import io.tidemark.schemas.ToolBody.ToolStatus;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of wire names: the one place where a type's name on the wire meets its record. */
public enum EventType {
    STREAM_STARTED("stream.started", Started.class),
    STREAM_STATUS("stream.status", Status.class),
    STREAM_WARNING("stream.warning", Warning.class),
    STREAM_COMPLETED("stream.completed", Completed.class),
    STREAM_FAILED("stream.failed", Failed.class),
    ITEM_STARTED("item.started", ItemStarted.class),
    ITEM_COMPLETED("item.completed", ItemCompleted.class),
    CONTENT_COMPLETED("content.completed", ContentCompleted.class),
    TEXT_DELTA("text.delta", TextDelta.class),
    REASONING_DELTA("reasoning.delta", ReasoningDelta.class),
    REFUSAL_DELTA("refusal.delta", RefusalDelta.class),
    AUDIO_DELTA("audio.delta", AudioDelta.class),
    TRANSCRIPT_DELTA("transcript.delta", TranscriptDelta.class),
    IMAGE_SNAPSHOT("image.snapshot", ImageSnapshot.class),
    CITATION_ADDED("citation.added", CitationAdded.class),
    TOOL_DELTA("tool.delta", ToolDelta.class),
    TOOL_CALL("tool.call", ToolCall.class),
    TOOL_STATUS("tool.status", ToolStatus.class),
    TOOL_RESULT("tool.result", ToolResult.class),
    USAGE_UPDATED("usage.updated", UsageUpdated.class),
    SAFETY_UPDATED("safety.updated", SafetyUpdated.class),
    SESSION_UPDATED("session.updated", SessionUpdated.class),
    CONVERSATION_UPDATED("conversation.updated", ConversationUpdated.class),
    AUDIO_ACTIVITY("audio.activity", AudioActivity.class),
    PROVIDER_EVENT("provider.event", ProviderEvent.class);

    private static final Map<String, EventType> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(EventType::wire, Function.identity()));
    private static final Map<Class<? extends EventBody>, EventType> BY_BODY =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(EventType::body, Function.identity()));

    private final String wire;
    private final Class<? extends EventBody> body;

    EventType(String wire, Class<? extends EventBody> body) {
        this.wire = wire;
        this.body = body;
    }

    /** The name on the wire, such as {@code text.delta}. */
    public String wire() {
        return wire;
    }

    /** The record that holds what an event of this type says. */
    public Class<? extends EventBody> body() {
        return body;
    }

    /** The type of that name, or empty for one that this version does not know. */
    public static Optional<EventType> named(String wire) {
        return Optional.ofNullable(BY_NAME.get(wire));
    }

    /**
     * Whether an event of that name is the last of its stream. The set of terminal types is closed
     * ({@code docs/protocol.md}), so the name is enough, even for a reader that sees headers only.
     */
    public static boolean endsStream(String wire) {
        return wire.equals(STREAM_COMPLETED.wire) || wire.equals(STREAM_FAILED.wire);
    }

    /** The wire name of what a body says; for {@link EventBody.Unknown} the name it came with. */
    public static String nameOf(EventBody body) {
        if (body instanceof EventBody.Unknown unknown) {
            return unknown.type();
        }
        var type = BY_BODY.get(body.getClass());
        if (type == null) {
            throw new IllegalStateException("no wire name for " + body.getClass().getName());
        }
        return type.wire();
    }
}
