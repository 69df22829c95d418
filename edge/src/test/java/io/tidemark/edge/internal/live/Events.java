package io.tidemark.edge.internal.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolDelta;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Streams of events as writers write them, mostly deltas. */
final class Events {
    static final StreamId ID = Records.id(77);

    private Events() {}

    static Frame frame(StreamEvent event) {
        var headers = new EventHeaders(event.type(), event.sequence(), new Attempt(0, 1), null);
        return FrameEncoder.encode(
                new EventRecord.Entry(event.requestId(), headers, EventCodec.encode(event)),
                event.sequence(),
                0);
    }

    static StreamEvent event(long sequence, Placement placement, EventBody body) {
        return new StreamEvent(ID, sequence, 1_000 + 7 * sequence, placement, body);
    }

    static StreamEvent text(long sequence, String text) {
        return event(sequence, Placement.content(0, 0, "msg"), new TextDelta(text, null));
    }

    static StreamEvent terminal(long sequence) {
        return event(
                sequence,
                Placement.NONE,
                new LifecycleBody.Completed(
                        LifecycleBody.Outcome.COMPLETE, "stop", null, null, null, null, null));
    }

    /** A whole stream: runs of deltas of lanes that alternate, and what stands between them. */
    static List<StreamEvent> random(Random random) {
        var events = new ArrayList<StreamEvent>();
        events.add(
                event(
                        0,
                        Placement.NONE,
                        new LifecycleBody.Started("p", "m", "a", null, 1, null, null, null, null)));
        int size = 5 + random.nextInt(120);
        while (events.size() < size) {
            int lane = random.nextInt(9);
            int run = 1 + random.nextInt(8);
            for (int i = 0; i < run; i++) {
                events.add(event(events.size(), placement(random, lane), body(random, lane)));
            }
        }
        events.add(terminal(events.size()));
        return events;
    }

    private static Placement placement(Random random, int lane) {
        var itemId = random.nextInt(12) == 0 ? null : "item-" + lane;
        var place = Placement.content(lane, random.nextInt(15) == 0 ? 1 : 0, itemId);
        var number = random.nextInt(3) == 0 ? null : (Long) random.nextLong(1_000);
        return place.withProviderSequence(number).withChoice(random.nextInt(20) == 0 ? 1 : 0);
    }

    private static EventBody body(Random random, int lane) {
        var text = piece(random);
        return switch (lane) {
            case 0, 1 -> new TextDelta(text, null);
            case 2 -> withLogprobs(random, text);
            case 3 ->
                    new ReasoningDelta(
                            text,
                            random.nextInt(6) == 0 ? ItemBody.Form.SUMMARY : ItemBody.Form.FULL);
            case 4 -> new RefusalDelta(text);
            case 5 -> transcript(random, text);
            case 6 -> new AudioDelta("audio/pcm", "AAECAw==", 24_000, 1, null, null);
            case 7 ->
                    new ToolDelta(
                            "call",
                            random.nextInt(4) == 0 ? InputKind.JSON_PATH : InputKind.JSON,
                            text,
                            random.nextInt(4) == 0 ? "$.a" : null);
            default ->
                    new LifecycleBody.Status(
                            "in_progress", null, null, null, null, null, null, null, null);
        };
    }

    private static DeltaBody withLogprobs(Random random, String text) {
        if (random.nextInt(3) == 0) {
            return new TextDelta(text, null);
        }
        var logprobs = JsonNodeFactory.instance.arrayNode();
        logprobs.addObject().put("token", text).put("logprob", -random.nextDouble());
        return new TextDelta(text, logprobs);
    }

    private static DeltaBody transcript(Random random, String text) {
        var start = random.nextInt(4) == 0 ? (Long) random.nextLong(500) : null;
        var speaker = random.nextInt(4) == 0 ? "ann" : null;
        return new TranscriptDelta(text, null, "s", speaker, start, null, null);
    }

    private static String piece(Random random) {
        var pieces = List.of("", "a", "word ", "äöü ", "🙂", "\n", "\"quoted\\\" ", "{", "\u2028");
        return pieces.get(random.nextInt(pieces.size()));
    }
}
