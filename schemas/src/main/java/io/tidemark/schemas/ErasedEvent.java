package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

/**
 * What is left of an event whose stream was erased: as much as the ledger row needs. To fold what
 * is left of a stream's events gives the row, byte for byte, that folding the events gives ({@link
 * ResponseFold#usageRow()}), and nothing that a model, a caller or a tool has said. Stateless.
 */
public final class ErasedEvent {
    private static final byte[] UNREADABLE = {};
    private static final EventBody NOTHING = Status.of(Status.IN_PROGRESS);
    private static final EventBody CONTENT = new TextDelta("", null);

    /* Of no type that anybody reads, so that it stays what it was: unreadable. */
    private static final String ENDED = "erased";

    private ErasedEvent() {}

    /**
     * What is left of an event.
     *
     * @param json an event, or anything else that stands in the place of one
     * @return an event of the same stream, sequence and time; no bytes where there was no event,
     *     which folds in the same way
     */
    public static byte[] of(byte[] json) {
        try {
            return of(EventCodec.decode(json));
        } catch (MalformedRecordException e) {
            return UNREADABLE;
        }
    }

    /**
     * What is left of an event.
     *
     * @return an event of the same stream, sequence and time
     */
    public static byte[] of(StreamEvent event) {
        return event.body() instanceof EventBody.Unknown && event.terminal()
                ? envelope(event)
                : EventCodec.encode(
                        new StreamEvent(
                                event.requestId(),
                                event.sequence(),
                                event.at(),
                                Placement.NONE,
                                rest(event.body())));
    }

    private static EventBody rest(EventBody body) {
        return switch (body) {
            case LifecycleBody lifecycle -> rest(lifecycle);
            /* When the first content came is part of the row. */
            case DeltaBody _ -> CONTENT;
            case ToolBody tool ->
                    tool instanceof ToolDelta || tool instanceof ToolCall ? CONTENT : NOTHING;
            case ReportBody report -> report instanceof UsageUpdated ? report : NOTHING;
            case ItemBody _, EventBody.Unknown _ -> NOTHING;
        };
    }

    private static EventBody rest(LifecycleBody body) {
        return switch (body) {
            case Started it ->
                    new Started(
                            it.provider(),
                            it.model(),
                            it.api(),
                            null,
                            it.attempt(),
                            null,
                            null,
                            it.tenant(),
                            null);
            case Status it ->
                    new Status(
                            Status.IN_PROGRESS,
                            null,
                            it.model(),
                            null,
                            it.attempt(),
                            null,
                            it.provider(),
                            null,
                            null);
            case Warning _ -> NOTHING;
            case Completed it ->
                    new Completed(
                            it.outcome(),
                            it.finishReason(),
                            null,
                            null,
                            it.usage(),
                            it.model(),
                            null);
            case Failed it ->
                    new Failed(
                            it.code(),
                            "",
                            it.retryable(),
                            null,
                            null,
                            null,
                            null,
                            null,
                            it.usage());
        };
    }

    /* An end that this version cannot read is one all the same, and cannot be read afterwards. */
    private static byte[] envelope(StreamEvent event) {
        var json = Json.MAPPER.createObjectNode();
        json.put("schemaVersion", EventCodec.SCHEMA_VERSION);
        json.put("type", EventType.endsStream(event.type()) ? event.type() : ENDED);
        json.put("requestId", event.requestId().toString());
        json.put("sequence", event.sequence());
        json.put("at", event.at());
        json.put("final", true);
        return Json.bytes(json);
    }
}
