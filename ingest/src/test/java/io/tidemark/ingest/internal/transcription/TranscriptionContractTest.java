package io.tidemark.ingest.internal.transcription;

import io.tidemark.ingest.internal.Seeds;
import io.tidemark.ingest.internal.output.DialectContract;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;

import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.stream.Collectors;

/** Transcriptions keep what every dialect keeps. */
class TranscriptionContractTest extends DialectContract {
    private static final String FRAMES =
            """
            {"type":"transcript.text.delta","delta":"Grüße \\ud83d","segment_id":"s1","logprobs":[{"token":"x","logprob":-0.5}]}
            {"type":"transcript.text.delta","delta":"\\ude00","segment_id":"s1"}
            {"type":"transcript.text.delta","delta":"plain "}
            {"type":"transcript.text.segment","id":"s1","text":"Grüße 😀 you","speaker":"A","start":0.0,"end":1.25}
            {"type":"transcript.text.segment","id":"s2","text":" Hello.","speaker":"B","start":1.25,"end":2}
            {"type":"transcript.text.beam","beam":true}
            {"type":"transcript.text.done","text":"plain text","usage":{"type":"duration","seconds":2}}
            """;

    TranscriptionContractTest() {
        super(new TranscriptionApi(), "transcriptions");
    }

    @Override
    protected String richStream() {
        return FRAMES.lines().map(frame -> "data: " + frame + "\n\n").collect(Collectors.joining());
    }

    @Override
    protected boolean saysItsEnd(String prefix) {
        return prefix.contains("transcript.text.done") || prefix.contains("[DONE]");
    }

    @Test
    void framesInAnyOrderEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var frames = FRAMES.lines().toList();
        for (int round = 0; round < 200; round++) {
            var pump = new Pump(new TranscriptionApi());
            for (int i = 0; i < 10; i++) {
                pump.frame(frames.get(random.nextInt(frames.size())));
            }
            try {
                StreamRules.check(pump.end().events());
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }
}
