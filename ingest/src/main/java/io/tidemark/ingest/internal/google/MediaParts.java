package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.AudioWriter.Format;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Pictures and sound among the parts of one candidate: each picture is an item, sound is a lane of
 * the message it belongs to, and one of another type is another lane. Confined to one thread.
 */
final class MediaParts {
    private final LiveGeneration live;
    private final Candidate candidate;

    private @Nullable OutputItem speaking;
    private @Nullable Format format;
    private int contentIndex;

    MediaParts(LiveGeneration live, Candidate candidate) {
        this.live = live;
        this.candidate = candidate;
    }

    /**
     * Media in base64.
     *
     * @param thought whether it is a draft that the model thinks about
     */
    void inline(JsonNode data, boolean thought) {
        var type = type(data);
        var base64 = ProviderJson.word(data, "data");
        if (base64 == null) {
            return;
        }
        candidate.goOn();
        if (is("image", type)) {
            image("inlineData", new ImageSnapshot(type, base64, null, null, thought));
        } else if (is("audio", type)) {
            audio(format(type), base64);
        } else {
            candidate.variant("inlineData");
        }
    }

    /** Media that is somewhere else. */
    void file(JsonNode file) {
        var url = ProviderJson.word(file, "fileUri");
        candidate.goOn();
        if (url != null && is("image", type(file))) {
            image("fileData", new ImageSnapshot(type(file), null, url, null, false));
        } else {
            candidate.variant("fileData");
        }
    }

    /** What was said aloud in a part. */
    void transcript(JsonNode transcription) {
        var text = ProviderJson.word(transcription, "text");
        if (text != null) {
            candidate.goOn();
            var item = candidate.continued(Item.MESSAGE, "audioTranscription");
            var lane = item.lanes().lane(LaneKind.TRANSCRIPT, 0);
            live.writer().delta(item, lane, text, null);
        }
    }

    private void image(String partKind, ImageSnapshot image) {
        var item = candidate.begun(Item.IMAGE, partKind);
        live.out().add(item.placement(), image);
    }

    private void audio(Format heard, String base64) {
        var item = candidate.continued(Item.MESSAGE, "inlineData");
        if (item != speaking) {
            contentIndex = 0;
        } else if (!heard.equals(format)) {
            contentIndex++;
        }
        speaking = item;
        format = heard;
        new AudioWriter(live.out(), heard).write(item, contentIndex, base64);
    }

    private static String type(JsonNode media) {
        var type = ProviderJson.word(media, "mimeType");
        return type == null ? "" : type;
    }

    private static boolean is(String medium, String type) {
        return type.toLowerCase(Locale.ROOT).startsWith(medium + "/");
    }

    /* Raw samples say in their type what they are, as in "audio/L16;codec=pcm;rate=24000". */
    private static Format format(String type) {
        return new Format(type, parameter(type, "rate"), parameter(type, "channels"));
    }

    private static @Nullable Integer parameter(String type, String name) {
        for (var parameter : type.split(";", -1)) {
            var value = parameter.strip();
            if (value.matches(name + "=[0-9]{1,9}")) {
                return Integer.valueOf(value.substring(name.length() + 1));
            }
        }
        return null;
    }
}
