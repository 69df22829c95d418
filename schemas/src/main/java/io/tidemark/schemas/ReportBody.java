package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

/** Reports beside the content: usage, safety, session, and what no other type can hold. */
public sealed interface ReportBody extends EventBody {
    /**
     * {@code usage.updated}: cumulative usage so far.
     *
     * @param kind {@code generation} when absent, or {@code transcription}
     * @param complete whether this is the last word on it
     */
    record UsageUpdated(Usage usage, @Nullable String kind, @Nullable Boolean complete)
            implements ReportBody {
        public UsageUpdated {
            requireNonNull(usage, "usage");
        }
    }

    /** {@code safety.updated}: what the provider's filters found. */
    record SafetyUpdated(
            Stage stage,
            @Nullable Boolean blocked,
            @Nullable ArrayNode categories,
            @Nullable ObjectNode raw)
            implements ReportBody {
        public SafetyUpdated {
            requireNonNull(stage, "stage");
            categories = categories == null ? null : categories.deepCopy();
            raw = raw == null ? null : raw.deepCopy();
        }

        @Override
        public String toString() {
            return "SafetyUpdated[stage=" + stage + ", blocked=" + blocked + "]";
        }
    }

    /** What a filter looked at. */
    enum Stage implements WireName {
        INPUT,
        OUTPUT
    }

    /**
     * {@code session.updated}: the provider's session changed.
     *
     * @param expiresAt epoch milliseconds
     */
    record SessionUpdated(
            String change,
            @Nullable String providerSessionId,
            @Nullable String previousProviderSessionId,
            @Nullable Long expiresAt,
            @Nullable ArrayNode limits,
            @Nullable Boolean stateRestored,
            @Nullable String reason,
            @Nullable String resumptionToken)
            implements ReportBody {
        public SessionUpdated {
            requireNonNull(change, "change");
            limits = limits == null ? null : limits.deepCopy();
        }

        @Override
        public String toString() {
            return "SessionUpdated[change=" + change + "]";
        }
    }

    /** {@code conversation.updated}: the provider's record of the conversation changed. */
    record ConversationUpdated(
            String change,
            @Nullable String previousItemId,
            @Nullable String role,
            @Nullable String kind,
            @Nullable Long audioEndMs)
            implements ReportBody {
        public ConversationUpdated {
            requireNonNull(change, "change");
        }
    }

    /** {@code audio.activity}: somebody began or stopped speaking. */
    record AudioActivity(
            Direction direction,
            String activity,
            @Nullable Long startMs,
            @Nullable Long endMs,
            @Nullable String digit)
            implements ReportBody {
        public AudioActivity {
            requireNonNull(direction, "direction");
            requireNonNull(activity, "activity");
        }
    }

    /** Whose audio an activity speaks of. */
    enum Direction implements WireName {
        INPUT,
        OUTPUT
    }

    /**
     * {@code provider.event}: something the provider sent that no other type can hold, verbatim.
     *
     * @param data the frame; absent when it was too large and {@code dataRef} names where it is
     */
    record ProviderEvent(
            String provider,
            String providerType,
            Reason reason,
            @Nullable JsonNode data,
            @Nullable String dataRef)
            implements ReportBody {
        public ProviderEvent {
            requireNonNull(provider, "provider");
            requireNonNull(providerType, "providerType");
            requireNonNull(reason, "reason");
            data = data == null ? null : data.deepCopy();
        }

        @Override
        public String toString() {
            return "ProviderEvent[providerType=" + providerType + ", reason=" + reason + "]";
        }
    }

    /** Why a frame was passed on as it is. */
    enum Reason implements WireName {
        UNKNOWN_TYPE,
        UNMAPPED_VARIANT,
        OPTED_IN
    }
}
