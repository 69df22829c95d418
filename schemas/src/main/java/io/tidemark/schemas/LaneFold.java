package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.Lane;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** One lane of an item while it is folded. Confined to the thread of its {@link ResponseFold}. */
final class LaneFold {
    private final LaneKey key;
    private final StringBuilder text = new StringBuilder();
    private final List<Citation> citations = new ArrayList<>();
    private @Nullable MediaHash audio;
    private @Nullable Speaker role;
    private @Nullable String speaker;
    private @Nullable Boolean truncated;

    LaneFold(LaneKey key) {
        this.key = key;
    }

    int contentIndex() {
        return key.contentIndex();
    }

    void append(String piece) {
        text.append(piece);
    }

    /* Who is speaking may become known after what is said. */
    void append(TranscriptDelta delta) {
        role = role == null ? delta.role() : role;
        speaker = speaker == null ? delta.speaker() : speaker;
        text.append(delta.text());
    }

    void append(AudioDelta delta) {
        audio = audio == null ? new MediaHash(delta.mimeType()) : audio;
        audio.add(delta.base64());
    }

    void cite(Citation citation) {
        citations.add(citation);
    }

    void complete(ContentCompleted end) {
        truncated = end.truncated();
    }

    Response.Part part() {
        boolean isAudio = key.lane() == Lane.AUDIO;
        return new Response.Part(
                key.contentIndex(),
                key.lane().wire(),
                key.form(),
                isAudio ? null : text.toString(),
                audio == null ? null : audio.media(),
                role,
                key.segmentId(),
                speaker,
                citations,
                truncated);
    }

    /**
     * What makes a lane of an item: deltas that agree in all of it concatenate.
     *
     * @param form of reasoning only
     * @param segmentId of a transcript only
     */
    record LaneKey(int contentIndex, Lane lane, @Nullable Form form, @Nullable String segmentId) {}
}
