package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.DeltaBody.AudioDelta;

import java.util.Base64;
import java.util.Map;

/**
 * Events that carry speech. As documented they name neither item nor part: then it is part 0 of the
 * message that is open, or else of item 0.
 */
final class AudioFrames {
    /**
     * Most audio in one event, in characters of base64; a multiple of four, to cut between bytes.
     */
    static final int BASE64_CHARS_MAX = 256 * 1024;

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
        int part = frame.indexOrZero("content_index");
        var lane = item.lanes().lane(LaneKind.AUDIO, part);
        var base64 = frame.text("delta");
        var type = mimeType(response.request().path("audio").path("format").asText());
        for (int from = 0; from < base64.length(); from += BASE64_CHARS_MAX) {
            int to = Math.min(base64.length(), from + BASE64_CHARS_MAX);
            var piece = base64.substring(from, to);
            lane.record(decoded(piece));
            response.out()
                    .add(item.placement(part), new AudioDelta(type, piece, null, null, null, null));
        }
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

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new ProtocolViolation("The provider sent audio that is not base64.");
        }
    }

    private static String mimeType(String format) {
        return switch (format) {
            case "mp3" -> "audio/mpeg";
            case "opus" -> "audio/ogg";
            case "aac", "flac", "wav" -> "audio/" + format;
            default -> "audio/pcm";
        };
    }
}
