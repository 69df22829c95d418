package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.schemas.ItemBody.Form;

import org.jspecify.annotations.Nullable;

/** Content, piece by piece. Pieces of one lane concatenate, in sequence order, to its whole. */
public sealed interface DeltaBody extends EventBody {
    /** {@code text.delta}: a piece of the answer. */
    record TextDelta(String text, @Nullable ArrayNode logprobs) implements DeltaBody {
        public TextDelta {
            requireNonNull(text, "text");
            logprobs = logprobs == null ? null : logprobs.deepCopy();
        }

        @Override
        public String toString() {
            return "TextDelta[chars=" + text.length() + "]";
        }
    }

    /** {@code reasoning.delta}: a piece of the model's reasoning, or of a summary of it. */
    record ReasoningDelta(String text, @Nullable Form form) implements DeltaBody {
        public ReasoningDelta {
            requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return "ReasoningDelta[chars=" + text.length() + ", form=" + form + "]";
        }
    }

    /** {@code refusal.delta}: a piece of the model's refusal. */
    record RefusalDelta(String text) implements DeltaBody {
        public RefusalDelta {
            requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return "RefusalDelta[chars=" + text.length() + "]";
        }
    }

    /**
     * {@code audio.delta}: a piece of audio.
     *
     * @param mimeType type of the decoded bytes
     * @param base64 the bytes, in base64
     * @param sampleRate in hertz
     */
    record AudioDelta(
            String mimeType,
            String base64,
            @Nullable Integer sampleRate,
            @Nullable Integer channels,
            @Nullable Long startMs,
            @Nullable Long endMs)
            implements DeltaBody {
        public AudioDelta {
            requireNonNull(mimeType, "mimeType");
            requireNonNull(base64, "base64");
        }

        @Override
        public String toString() {
            return "AudioDelta[mimeType=" + mimeType + ", chars=" + base64.length() + "]";
        }
    }

    /**
     * {@code transcript.delta}: a piece of what was said aloud.
     *
     * @param text may be empty where the speaker or the time of what was sent becomes known
     * @param role who said it; the assistant when absent
     * @param segmentId makes a segment a lane of its own
     */
    record TranscriptDelta(
            String text,
            @Nullable Speaker role,
            @Nullable String segmentId,
            @Nullable String speaker,
            @Nullable Long startMs,
            @Nullable Long endMs,
            @Nullable String language,
            @Nullable ArrayNode logprobs)
            implements DeltaBody {
        public TranscriptDelta {
            requireNonNull(text, "text");
            logprobs = logprobs == null ? null : logprobs.deepCopy();
        }

        /** A piece without log probabilities. */
        public TranscriptDelta(
                String text,
                @Nullable Speaker role,
                @Nullable String segmentId,
                @Nullable String speaker,
                @Nullable Long startMs,
                @Nullable Long endMs,
                @Nullable String language) {
            this(text, role, segmentId, speaker, startMs, endMs, language, null);
        }

        @Override
        public String toString() {
            return "TranscriptDelta[chars=" + text.length() + ", role=" + role + "]";
        }
    }

    /** Whose voice a transcript is of. */
    enum Speaker implements WireName {
        ASSISTANT,
        USER
    }

    /**
     * {@code image.snapshot}: an image so far; replaces the previous one of the same item.
     *
     * @param base64 the bytes in base64; absent when {@code url} is given
     * @param index which image of the item
     * @param partial whether a better one will follow
     */
    record ImageSnapshot(
            String mimeType,
            @Nullable String base64,
            @Nullable String url,
            @Nullable Integer index,
            boolean partial)
            implements DeltaBody {
        public ImageSnapshot {
            requireNonNull(mimeType, "mimeType");
        }

        @Override
        public String toString() {
            int chars = base64 == null ? 0 : base64.length();
            return "ImageSnapshot[mimeType=" + mimeType + ", chars=" + chars + "]";
        }
    }

    /** {@code citation.added}: a source of the part it is placed at. */
    record CitationAdded(@Nullable Integer annotationIndex, Citation citation)
            implements DeltaBody {
        public CitationAdded {
            requireNonNull(citation, "citation");
        }
    }

    /**
     * A source.
     *
     * @param kind such as {@code url_citation} or {@code file_citation}
     * @param startIndex where the cited passage begins in the part's text, in the provider's units
     * @param endIndex where it ends, exclusive
     * @param raw the provider's own object, where it says more than these fields
     */
    record Citation(
            String kind,
            @Nullable String url,
            @Nullable String title,
            @Nullable String fileId,
            @Nullable String filename,
            @Nullable Long startIndex,
            @Nullable Long endIndex,
            @Nullable String citedText,
            @Nullable JsonNode raw) {
        public Citation {
            requireNonNull(kind, "kind");
            raw = raw == null ? null : raw.deepCopy();
        }

        @Override
        public String toString() {
            return "Citation[kind=" + kind + "]";
        }
    }
}
