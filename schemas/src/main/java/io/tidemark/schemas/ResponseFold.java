package io.tidemark.schemas;

import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fold from the events of one stream to its {@link Response}: the one function that edge,
 * projector, verifier and tests share, so that they cannot disagree.
 *
 * <p>It is pure: the response depends on nothing but the events added, in their order, so folding a
 * prefix and then the rest gives what folding the whole gives, and asking for the response on the
 * way changes nothing. It expects what a {@link ReaderGuard} accepted; it never throws on the
 * content of an event, however odd. Time is linear in the size of the events.
 *
 * <p>Confined to one thread. What it holds is bounded by what the stream holds; media is reduced to
 * size and hash as it passes.
 */
public final class ResponseFold {
    private static final String UNKNOWN = "unknown";
    private static final String TRANSCRIPTION = "transcription";

    private final TreeMap<ItemKey, ItemFold> items = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    private @Nullable StreamId id;
    private @Nullable Started start;
    private @Nullable EventBody end;
    private @Nullable String servedBy;
    private @Nullable String servedModel;
    private @Nullable String providerResponseId;
    private @Nullable String serviceTier;
    private @Nullable UsageUpdated reported;
    private @Nullable Long firstContentAt;
    private long startedAt;
    private long endedAt;
    private long lastSequence;
    private int attempts;

    /**
     * Adds the next accepted event of the stream.
     *
     * @param attempt the attempt that wrote it, from its record's header
     */
    public void add(int attempt, StreamEvent event) {
        if (id == null) {
            id = event.requestId();
            startedAt = event.at();
        }
        attempts = Math.max(attempts, attempt);
        lastSequence = event.sequence();
        if (event.terminal()) {
            end = event.body();
            endedAt = event.at();
        }
        switch (event.body()) {
            case LifecycleBody lifecycle -> addLifecycle(lifecycle);
            case ReportBody report -> addReport(report);
            case ItemBody item -> itemOf(event.placement()).add(event.placement(), item);
            case DeltaBody delta -> addContent(event, delta);
            case ToolBody tool -> addTool(event, tool);
            case EventBody.Unknown _ -> {
                // Its sequence is counted; a later version will know what it says.
            }
        }
    }

    private void addLifecycle(LifecycleBody body) {
        switch (body) {
            case Started started -> start = started;
            case Status status -> addStatus(status);
            case Warning warning -> {
                if (warnings.size() < Response.WARNINGS_MAX) {
                    warnings.add(warning.code());
                }
            }
            case Completed completed -> {
                servedModel = completed.model() == null ? servedModel : completed.model();
                providerResponseId =
                        completed.providerResponseId() == null
                                ? providerResponseId
                                : completed.providerResponseId();
            }
            case Failed _ -> {
                // Kept whole as the end of the stream.
            }
        }
    }

    private void addStatus(Status status) {
        servedBy = status.provider() == null ? servedBy : status.provider();
        attempts = status.attempt() == null ? attempts : Math.max(attempts, status.attempt());
        servedModel = status.model() == null ? servedModel : status.model();
        serviceTier = status.serviceTier() == null ? serviceTier : status.serviceTier();
        providerResponseId =
                status.providerResponseId() == null
                        ? providerResponseId
                        : status.providerResponseId();
    }

    private void addReport(ReportBody body) {
        if (body instanceof UsageUpdated usage && !TRANSCRIPTION.equals(usage.kind())) {
            reported = usage;
        }
    }

    private void addContent(StreamEvent event, DeltaBody delta) {
        contentCame(event);
        itemOf(event.placement()).add(event.placement(), delta);
    }

    private void addTool(StreamEvent event, ToolBody tool) {
        /* What the model asks of a tool is content; how the tool fares is not. */
        if (tool instanceof ToolDelta || tool instanceof ToolCall) {
            contentCame(event);
        }
        itemOf(event.placement()).add(event.placement(), tool);
    }

    private void contentCame(StreamEvent event) {
        if (firstContentAt == null) {
            firstContentAt = event.at();
        }
    }

    private ItemFold itemOf(Placement placement) {
        int outputIndex = placement.outputIndex() == null ? 0 : placement.outputIndex();
        return items.computeIfAbsent(new ItemKey(placement.choice(), outputIndex), ItemFold::new);
    }

    /** The response so far; empty before the first event. Does not change the fold. */
    public Optional<Response> response() {
        return id == null ? Optional.empty() : Optional.of(snapshot(id));
    }

    /** The ledger row; empty before the terminal event. Does not change the fold. */
    public Optional<UsageRow> usageRow() {
        return end == null ? Optional.empty() : response().map(this::row);
    }

    private Response snapshot(StreamId of) {
        var completed = end instanceof Completed c ? c : null;
        var requested = start == null ? UNKNOWN : start.model();
        return new Response(
                Response.SCHEMA_VERSION,
                of,
                status(),
                provider(),
                start == null ? null : start.api(),
                servedModel == null ? requested : servedModel,
                requested,
                start == null ? null : start.tenant(),
                start == null ? null : start.metadata(),
                providerResponseId,
                serviceTier,
                completed == null ? null : completed.outcome(),
                completed == null ? null : completed.finishReason(),
                completed == null ? null : completed.providerFinishReason(),
                end instanceof Failed failed ? failure(failed) : null,
                items.values().stream().map(ItemFold::item).toList(),
                usage(),
                warnings,
                timings(),
                attempts,
                lastSequence);
    }

    /* The one that is, or was last, asked: a fallback is charged to whom it fell back on. */
    private String provider() {
        if (servedBy != null) {
            return servedBy;
        }
        return start == null ? UNKNOWN : start.provider();
    }

    private Response.Status status() {
        return switch (end) {
            case null -> Response.Status.IN_PROGRESS;
            case Completed completed ->
                    switch (completed.outcome()) {
                        case COMPLETE -> Response.Status.COMPLETED;
                        case INCOMPLETE -> Response.Status.INCOMPLETE;
                        case CANCELLED -> Response.Status.CANCELLED;
                    };
            case Failed _ -> Response.Status.FAILED;
            case EventBody.Unknown(var type, _) when type.equals(EventType.STREAM_FAILED.wire()) ->
                    Response.Status.FAILED;
            /* A terminal whose value a later version knows: it has ended, and not as failed. */
            default -> Response.Status.INCOMPLETE;
        };
    }

    private static Response.Failure failure(Failed failed) {
        return new Response.Failure(
                failed.code(),
                failed.message(),
                failed.retryable(),
                failed.retryAfterMs(),
                failed.partial(),
                failed.httpStatus(),
                failed.providerCode(),
                failed.providerErrorType());
    }

    private @Nullable Usage usage() {
        var atEnd = usageAtEnd();
        if (atEnd != null) {
            return atEnd;
        }
        return reported == null ? null : reported.usage();
    }

    private @Nullable Usage usageAtEnd() {
        return switch (end) {
            case Completed completed -> completed.usage();
            case Failed failed -> failed.usage();
            case null, default -> null;
        };
    }

    private Response.Timings timings() {
        boolean ended = end != null;
        return new Response.Timings(
                startedAt,
                firstContentAt,
                ended ? endedAt : null,
                firstContentAt == null ? null : elapsed(startedAt, firstContentAt),
                ended ? elapsed(startedAt, endedAt) : null,
                tokensPerSecond());
    }

    /* A clock that was set back between two events gives no negative time. */
    private static long elapsed(long from, long to) {
        return Math.max(0, to - from);
    }

    private @Nullable Double tokensPerSecond() {
        var usage = usage();
        if (end == null || firstContentAt == null || usage == null || usage.output() == null) {
            return null;
        }
        long millis = endedAt - firstContentAt;
        return millis <= 0 ? null : Math.round(usage.output() * 100_000.0 / millis) / 100.0;
    }

    private UsageRow row(Response response) {
        return new UsageRow(
                UsageRow.SCHEMA_VERSION,
                response.requestId(),
                response.tenant(),
                response.provider(),
                response.api(),
                response.model(),
                response.requestedModel(),
                response.status(),
                response.outcome(),
                response.finishReason(),
                response.failure() == null ? null : response.failure().code(),
                provenance(),
                response.usage(),
                response.timings(),
                response.attempts(),
                null);
    }

    private Provenance provenance() {
        var usage = usage();
        if (usage == null) {
            return Provenance.NONE;
        }
        if (Boolean.TRUE.equals(usage.estimated())) {
            return Provenance.ESTIMATED;
        }
        boolean lastWord =
                usageAtEnd() != null
                        || (reported != null && Boolean.TRUE.equals(reported.complete()));
        return lastWord ? Provenance.PROVIDER : Provenance.PARTIAL;
    }

    /** Where an item stands among the others. */
    record ItemKey(int choice, int outputIndex) implements Comparable<ItemKey> {
        @Override
        public int compareTo(ItemKey other) {
            int byChoice = Integer.compare(choice, other.choice);
            return byChoice != 0 ? byChoice : Integer.compare(outputIndex, other.outputIndex);
        }
    }
}
