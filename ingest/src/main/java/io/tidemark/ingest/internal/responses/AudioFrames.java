package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.LaneKind;

import java.util.Map;

/**
 * Events that carry speech. As documented they name neither item nor part: then it is part 0 of the
 * message that is open, or else of item 0.
 */
final class AudioFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.of(
                    "response.audio.delta",
                    AudioFrames::audio,
                    "response.audio.done",
                    done(LaneKind.AUDIO),
                    "response.audio.transcript.delta",
                    AudioFrames::transcript,
                    "response.audio.transcript.done",
                    done(LaneKind.TRANSCRIPT));

    private AudioFrames() {}

    private static void audio(LiveResponse response, ProviderFrame frame) {
        var item = speech(response, frame);
        var format = response.request().path("audio").path("format").asText();
        new AudioWriter(response.out(), format)
                .write(item, frame.indexOrZero("content_index"), frame.text("delta"));
    }

    private static void transcript(LiveResponse response, ProviderFrame frame) {
        var item = speech(response, frame);
        int part = frame.indexOrZero("content_index");
        var lane = item.lanes().lane(LaneKind.TRANSCRIPT, part);
        response.writer().delta(item, lane, frame.text("delta"), null);
    }

    private static FrameHandler done(LaneKind kind) {
        return (response, frame) -> {
            var item = speech(response, frame);
            int part = frame.indexOrZero("content_index");
            response.writer().close(item, item.lanes().lane(kind, part), false);
        };
    }

    private static ItemState speech(LiveResponse response, ProviderFrame frame) {
        boolean placed = frame.itemId() != null || frame.index("output_index") != null;
        var known = response.items().find(frame, ItemType.MESSAGE);
        return (placed ? known : known.or(() -> response.items().at(0)))
                .orElseGet(() -> response.item(frame, ItemType.MESSAGE));
    }
}
