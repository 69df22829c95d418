package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.DeltaBody.AudioDelta;

import org.jspecify.annotations.Nullable;

import java.util.Base64;

/**
 * Writes speech that providers send as base64, cut into events of bounded size. Confined to one
 * thread.
 */
public final class AudioWriter {
    /**
     * Most audio in one event, in characters of base64; a multiple of four, to cut between bytes.
     */
    public static final int BASE64_CHARS_MAX = 256 * 1024;

    private final Outbox out;
    private final Format format;

    /**
     * What audio is made of.
     *
     * @param sampleRate in hertz
     */
    public record Format(
            String mimeType, @Nullable Integer sampleRate, @Nullable Integer channels) {
        public Format {
            requireNonNull(mimeType, "mimeType");
        }
    }

    public AudioWriter(Outbox out, Format format) {
        this.out = out;
        this.format = format;
    }

    /**
     * @param format what the request calls the format it asks for; raw PCM where it names none
     */
    public AudioWriter(Outbox out, String format) {
        this(out, new Format(mimeType(format), null, null));
    }

    /**
     * Writes a piece to the item's lane of audio.
     *
     * @param base64 can be decoded by itself
     * @throws ProtocolViolation if it cannot
     */
    public void write(OutputItem item, int contentIndex, String base64) {
        var lane = item.lanes().lane(LaneKind.AUDIO, contentIndex);
        for (int from = 0; from < base64.length(); from += BASE64_CHARS_MAX) {
            int to = Math.min(base64.length(), from + BASE64_CHARS_MAX);
            var piece = base64.substring(from, to);
            lane.record(decoded(piece));
            out.add(item.placement(contentIndex), delta(piece));
        }
    }

    private AudioDelta delta(String base64) {
        return new AudioDelta(
                format.mimeType(), base64, format.sampleRate(), format.channels(), null, null);
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
