package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.LaneDigest;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Unicode;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputItems;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Voice;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/**
 * What was heard, as one message: a lane of plain text, a lane for each segment, or both. Confined
 * to one thread.
 */
final class Transcript {
    /** Most segments; further ones are passed on as they come. */
    static final int SEGMENTS_MAX = 1000;

    private static final int PART = 0;

    private final OutputWriter writer;
    private final OutputItems items;
    /* What the segments that ended hold, without spaces: they are cut with or without. */
    private final LaneDigest inSegments = new LaneDigest();
    private final Set<String> segments = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private @Nullable DescribedItem item;
    private @Nullable LaneState plain;

    Transcript(Outbox out, ResponseLimits limits) {
        this.writer = new OutputWriter(out);
        this.items = new OutputItems(new Allowance(limits), writer);
    }

    /** Whether nothing was heard. */
    boolean isEmpty() {
        return item == null;
    }

    /** A piece of text, of a segment if it names one. */
    void delta(JsonNode delta) {
        var text = ProviderJson.string(delta, "delta");
        var segmentId = ProviderJson.word(delta, "segment_id");
        var lane =
                segmentId != null && admit(segmentId)
                        ? segment(segmentId)
                        : plain(Voice.of(Speaker.USER));
        writer.delta(item(), lane, text == null ? "" : text, logprobs(delta));
    }

    /**
     * A segment, whole, with its speaker and its time.
     *
     * @return whether there was room for it
     */
    boolean segment(JsonNode segment) {
        var stated = segment.path("id");
        var id =
                stated.isTextual() || stated.isIntegralNumber()
                        ? stated.asText()
                        : "segment_" + segments.size();
        if (!admit(id)) {
            return false;
        }
        var lane = segment(id);
        var text = ProviderJson.string(segment, "text");
        if (ended.add(id)) {
            inSegments.add(spaceless(text == null ? "" : Unicode.wellFormed(text)));
            writer.introduce(item(), lane, voice(segment));
        }
        writer.restate(item(), lane, text);
        if (lane.started()) {
            writer.close(item(), lane, false);
        }
        return true;
    }

    /** The whole text: what is missing of it is sent, unless the segments hold it all. */
    void state(JsonNode whole) {
        var text = ProviderJson.string(whole, "text");
        var said = text == null ? "" : Unicode.wellFormed(text);
        var language = ProviderJson.word(whole, "language");
        var voice = new Voice(Speaker.USER, null, null, null, language);
        if (plain != null) {
            writer.restate(item(), plain, said);
        } else if (!heldBySegments(said)) {
            writer.delta(item(), plain(voice), said, logprobs(whole));
        }
        item();
    }

    void close(ItemStatus status) {
        if (item != null) {
            writer.complete(item, status, null, null);
        }
    }

    private boolean heldBySegments(String text) {
        return !ended.isEmpty() && inSegments.matches(spaceless(text));
    }

    private static String spaceless(String text) {
        var kept = new StringBuilder(text.length());
        text.codePoints().filter(c -> !Character.isWhitespace(c)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private boolean admit(String segmentId) {
        return segments.contains(segmentId)
                || (segments.size() < SEGMENTS_MAX && segments.add(segmentId));
    }

    private DescribedItem item() {
        if (item == null) {
            item =
                    items.start(
                            0,
                            null,
                            new Item(
                                    Item.MESSAGE,
                                    "transcript",
                                    "user",
                                    null,
                                    null,
                                    null,
                                    null,
                                    null));
        }
        return item;
    }

    private LaneState plain(Voice voice) {
        if (plain == null) {
            plain = item().lanes().lane(LaneKind.TRANSCRIPT, PART);
            plain.speakWith(voice);
        }
        return plain;
    }

    private LaneState segment(String id) {
        var lane = item().lanes().segment(PART, id);
        if (!lane.started()) {
            lane.speakWith(Voice.of(Speaker.USER));
        }
        return lane;
    }

    private static Voice voice(JsonNode segment) {
        return new Voice(
                Speaker.USER,
                ProviderJson.word(segment, "speaker"),
                millis(segment.path("start")),
                millis(segment.path("end")),
                null);
    }

    private static @Nullable Long millis(JsonNode seconds) {
        double millis = seconds.doubleValue() * 1000;
        boolean time = seconds.isNumber() && millis >= 0 && millis < Long.MAX_VALUE;
        return time ? Math.round(millis) : null;
    }

    private static @Nullable ArrayNode logprobs(JsonNode json) {
        return json.path("logprobs") instanceof ArrayNode array && !array.isEmpty() ? array : null;
    }
}
