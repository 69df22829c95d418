package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes what is said as OpenAI transcribes it: text in deltas, or in segments where speakers are
 * told apart, and then all of it. Thoughts are not heard, calls and refusals are words like others.
 * Confined to one thread.
 */
final class TranscriptionsScript {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SEGMENT_TOKENS = 12;
    private static final double SECONDS_PER_TOKEN = 0.25;

    private final Turn turn;
    private final boolean diarized;
    private final List<Segments> heard = new ArrayList<>();

    TranscriptionsScript(Turn turn) {
        this.turn = turn;
        this.diarized =
                turn.request().json().path("response_format").asText("").equals("diarized_json");
        var segments = 0L;
        var tokens = 0L;
        for (var part : turn.reply().parts()) {
            if (!(part instanceof Part.Reasoning)) {
                var next = new Segments(part.speech(), segments, tokens);
                heard.add(next);
                segments += next.count();
                tokens += next.speech().count();
            }
        }
    }

    /** The events, and {@code [DONE]} after them; without it, if the model breaks down. */
    List<Frames> frames() {
        var frames = new ArrayList<Frames>();
        for (var segments : heard) {
            frames.add(diarized ? segmentEvents(segments) : deltaEvents(segments.speech()));
        }
        if (turn.reply().end() instanceof End.Failed(var code, var message)) {
            var json = JSON.objectNode();
            json.putObject("error")
                    .put("message", message)
                    .put("type", "server_error")
                    .putNull("param")
                    .put("code", code);
            frames.add(Frames.one(() -> ServerSentEvents.data(json)));
            return frames;
        }
        frames.add(Frames.one(() -> ServerSentEvents.data(done())));
        frames.add(Frames.one(ServerSentEvents.DONE::clone));
        return frames;
    }

    /** The transcription in one. */
    ObjectNode whole() {
        var json = JSON.objectNode().put("text", text());
        if (diarized) {
            var array = json.putArray("segments");
            for (var segments : heard) {
                for (var index = 0L; index < segments.count(); index++) {
                    array.add(segments.json(index));
                }
            }
        }
        json.set("usage", ApiUsage.of(turn).ofTranscription());
        return json;
    }

    private static Frames deltaEvents(Speech speech) {
        return new Frames(
                speech.count(),
                true,
                index ->
                        ServerSentEvents.data(
                                JSON.objectNode()
                                        .put("type", "transcript.text.delta")
                                        .put("delta", speech.token(index))));
    }

    private static Frames segmentEvents(Segments segments) {
        return new Frames(
                segments.count(), true, index -> ServerSentEvents.data(segments.json(index)));
    }

    private ObjectNode done() {
        var json = JSON.objectNode().put("type", "transcript.text.done").put("text", text());
        json.set("usage", ApiUsage.of(turn).ofTranscription());
        return json;
    }

    private String text() {
        return heard.stream()
                .map(segments -> segments.speech().text())
                .collect(Collectors.joining());
    }

    /** A speech in pieces of a few tokens, of which each is the other speaker's. */
    private record Segments(Speech speech, long segmentsBefore, long tokensBefore) {

        long count() {
            return Math.ceilDiv(speech.count(), SEGMENT_TOKENS);
        }

        ObjectNode json(long index) {
            var first = index * SEGMENT_TOKENS;
            var end = Math.min(first + SEGMENT_TOKENS, speech.count());
            var text = new StringBuilder();
            for (var token = first; token < end; token++) {
                text.append(speech.token(token));
            }
            var number = segmentsBefore + index;
            return JSON.objectNode()
                    .put("type", "transcript.text.segment")
                    .put("id", "seg_" + number)
                    .put("start", (tokensBefore + first) * SECONDS_PER_TOKEN)
                    .put("end", (tokensBefore + end) * SECONDS_PER_TOKEN)
                    .put("text", text.toString())
                    .put("speaker", number % 2 == 0 ? "A" : "B");
        }
    }
}
