package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Where the items of a response and their parts begin and end. */
public sealed interface ItemBody extends EventBody {
    /** {@code item.started}: precedes every other event with the same {@code outputIndex}. */
    record ItemStarted(Item item) implements ItemBody {
        public ItemStarted {
            requireNonNull(item, "item");
        }
    }

    /**
     * What an item is, as far as is known at its start.
     *
     * @param kind one of the constants, or a later one
     * @param providerItemType the provider's own name of the kind
     * @param phase {@code commentary} or {@code final_answer}
     * @param name the tool's name
     * @param callId the tool call's id
     * @param serverLabel the MCP server's label
     * @param delegationId the delegation an item belongs to
     */
    record Item(
            String kind,
            @Nullable String providerItemType,
            @Nullable String role,
            @Nullable String phase,
            @Nullable String name,
            @Nullable String callId,
            @Nullable String serverLabel,
            @Nullable String delegationId) {
        public static final String MESSAGE = "message";
        public static final String REASONING = "reasoning";
        public static final String TOOL_CALL = "tool_call";
        public static final String TOOL_RESULT = "tool_result";
        public static final String IMAGE = "image";
        public static final String COMPACTION = "compaction";
        public static final String OTHER = "other";

        public Item {
            requireNonNull(kind, "kind");
        }
    }

    /**
     * {@code item.completed}: nothing more comes for this item.
     *
     * @param signature the provider's signature of a reasoning item; server side only
     * @param encryptedContent opaque content to hand back to the provider; server side only
     */
    record ItemCompleted(
            @Nullable String kind,
            ItemStatus status,
            @Nullable String signature,
            @Nullable String encryptedContent)
            implements ItemBody {
        public ItemCompleted {
            requireNonNull(status, "status");
        }

        @Override
        public String toString() {
            return "ItemCompleted[kind=" + kind + ", status=" + status + "]";
        }
    }

    /** How an item ended. */
    enum ItemStatus implements WireName {
        COMPLETED,
        INCOMPLETE,
        FAILED
    }

    /**
     * {@code content.completed}: a lane is whole; its text is not repeated, its size and hash are.
     *
     * @param bytes length of the lane in UTF-8, or of the decoded audio, in bytes
     * @param sha256 lower-case hex of the SHA-256 over those bytes
     * @param truncated whether the lane was cut off rather than finished
     */
    record ContentCompleted(
            Lane lane,
            @Nullable Form form,
            @Nullable String segmentId,
            long bytes,
            @Nullable String sha256,
            @Nullable Boolean truncated)
            implements ItemBody {
        public ContentCompleted {
            requireNonNull(lane, "lane");
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes must not be negative, was " + bytes);
            }
        }
    }

    /** The kinds of content that are streamed piece by piece. */
    enum Lane implements WireName {
        TEXT,
        REASONING,
        REFUSAL,
        TRANSCRIPT,
        AUDIO,
        TOOL
    }

    /** Whether reasoning is the model's own text or a summary of it. */
    enum Form implements WireName {
        FULL,
        SUMMARY
    }
}
