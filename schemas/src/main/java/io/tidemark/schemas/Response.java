package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A stream folded: what was said, what it cost, how it went, up to {@code lastSequence}. This is
 * the value of {@code tidemark.responses} and the answer of {@code GET /v1/streams/{id}}.
 * Immutable.
 *
 * @param schemaVersion major version, {@value #SCHEMA_VERSION}
 * @param provider name of the configured provider
 * @param model the model that served it, or the one asked for until the provider has said
 * @param requestedModel the model asked for
 * @param outcome how it ended; absent while it goes on and when it failed
 * @param finishReason why it stopped; absent while it goes on and when it failed
 * @param failure what went wrong; absent unless it failed
 * @param items what was produced, in order of choice and output index
 * @param usage what was consumed, as far as was reported
 * @param warnings codes of the warnings given, in order, at most {@value #WARNINGS_MAX}
 * @param attempts highest attempt that wrote to it, from 1
 * @param lastSequence sequence of the last event folded in
 */
public record Response(
        int schemaVersion,
        StreamId requestId,
        Status status,
        String provider,
        @Nullable String api,
        String model,
        String requestedModel,
        @Nullable String tenant,
        @Nullable Map<String, String> metadata,
        @Nullable String providerResponseId,
        @Nullable String serviceTier,
        @Nullable Outcome outcome,
        @Nullable String finishReason,
        @Nullable String providerFinishReason,
        @Nullable Failure failure,
        List<Item> items,
        @Nullable Usage usage,
        List<String> warnings,
        Timings timings,
        int attempts,
        long lastSequence) {
    /** The major version of this shape. */
    public static final int SCHEMA_VERSION = 1;

    /** Most warnings that are kept. */
    public static final int WARNINGS_MAX = 100;

    public Response {
        requireNonNull(requestId, "requestId");
        requireNonNull(status, "status");
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        requireNonNull(timings, "timings");
        items = List.copyOf(items);
        warnings = List.copyOf(warnings);
        metadata = metadata == null ? null : Map.copyOf(metadata);
    }

    @Override
    public String toString() {
        return "Response[requestId="
                + requestId
                + ", status="
                + status
                + ", items="
                + items.size()
                + ", lastSequence="
                + lastSequence
                + "]";
    }

    /** Where a stream stands. */
    public enum Status implements WireName {
        IN_PROGRESS,
        COMPLETED,
        INCOMPLETE,
        CANCELLED,
        FAILED
    }

    /** What went wrong; see {@link LifecycleBody.Failed}. */
    public record Failure(
            String code,
            String message,
            boolean retryable,
            @Nullable Long retryAfterMs,
            @Nullable Boolean partial,
            @Nullable Integer httpStatus,
            @Nullable String providerCode,
            @Nullable String providerErrorType) {}

    /**
     * When things happened, in epoch milliseconds, and how long they took.
     *
     * @param firstContentAt when the first content came; absent before that
     * @param endedAt when it ended; absent before that
     * @param timeToFirstContentMs from the start to the first content
     * @param totalMs from the start to the end
     * @param tokensPerSecond output tokens over the time from first content to the end
     */
    public record Timings(
            long startedAt,
            @Nullable Long firstContentAt,
            @Nullable Long endedAt,
            @Nullable Long timeToFirstContentMs,
            @Nullable Long totalMs,
            @Nullable Double tokensPerSecond) {}

    /**
     * One output item.
     *
     * @param status how it ended; absent while it goes on
     * @param content its parts, by content index and then in order of appearance
     * @param call the tool call it is; absent for anything else
     * @param toolStatus latest status of the tool it runs
     * @param results what its tool answered, in order
     * @param images its images, by index
     * @param encrypted whether it carries opaque content to hand back to the provider
     */
    public record Item(
            int outputIndex,
            @Nullable Integer choiceIndex,
            @Nullable String itemId,
            String kind,
            @Nullable String providerItemType,
            @Nullable String role,
            @Nullable String phase,
            @Nullable String status,
            List<Part> content,
            @Nullable Call call,
            @Nullable String toolStatus,
            List<Result> results,
            List<Media> images,
            @Nullable Boolean encrypted) {
        public Item {
            content = List.copyOf(content);
            results = List.copyOf(results);
            images = List.copyOf(images);
        }

        @Override
        public String toString() {
            return "Item[outputIndex="
                    + outputIndex
                    + ", kind="
                    + kind
                    + ", parts="
                    + content.size()
                    + "]";
        }
    }

    /**
     * One part of an item: a lane of text, or a lane of audio.
     *
     * @param type {@code text}, {@code reasoning}, {@code refusal}, {@code transcript} or {@code
     *     audio}
     * @param form whether reasoning is full or a summary
     * @param text the whole text of the lane; absent for audio
     * @param media size and hash of the lane's audio; absent for text
     * @param citations sources of the part, in order
     * @param truncated whether it was cut off rather than finished
     */
    public record Part(
            @Nullable Integer contentIndex,
            String type,
            @Nullable Form form,
            @Nullable String text,
            @Nullable Media media,
            @Nullable Speaker role,
            @Nullable String segmentId,
            @Nullable String speaker,
            List<Citation> citations,
            @Nullable Boolean truncated) {
        public Part {
            citations = List.copyOf(citations);
        }

        @Override
        public String toString() {
            int chars = text == null ? 0 : text.length();
            return "Part[type=" + type + ", chars=" + chars + "]";
        }
    }

    /**
     * A tool call.
     *
     * @param input the input so far, or whole when {@code complete}
     * @param complete whether the input is whole
     */
    public record Call(
            @Nullable String callId,
            @Nullable String name,
            @Nullable String namespace,
            @Nullable String serverLabel,
            @Nullable InputKind inputKind,
            String input,
            @Nullable Executor executor,
            @Nullable Boolean requiresApproval,
            boolean complete) {
        @Override
        public String toString() {
            return "Call[name="
                    + name
                    + ", chars="
                    + input.length()
                    + ", complete="
                    + complete
                    + "]";
        }
    }

    /** What a tool that the provider ran answered; see {@link ToolBody.ToolResult}. */
    public record Result(
            String tool,
            @Nullable String callId,
            @Nullable JsonNode output,
            ToolBody.@Nullable OutputStream stream,
            @Nullable Boolean isError) {
        @Override
        public String toString() {
            return "Result[tool=" + tool + ", isError=" + isError + "]";
        }
    }

    /**
     * Media by size and hash; the bytes stay in the log.
     *
     * @param bytes size of the decoded media, in bytes; absent when it is only a link
     * @param sha256 lower-case hex of the SHA-256 over them; absent while more follows
     * @param url where it is, when the provider gave a link
     * @param index which image of the item
     * @param partial whether a better one was to follow
     */
    public record Media(
            String mimeType,
            @Nullable Long bytes,
            @Nullable String sha256,
            @Nullable String url,
            @Nullable Integer index,
            @Nullable Boolean partial) {
        @Override
        public String toString() {
            return "Media[mimeType=" + mimeType + ", bytes=" + bytes + ", sha256=" + sha256 + "]";
        }
    }
}
