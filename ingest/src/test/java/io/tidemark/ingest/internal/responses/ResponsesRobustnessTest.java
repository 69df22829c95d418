package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.Seeds;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/** Whatever a provider sends and wherever it stops, the rules of a stream hold. */
class ResponsesRobustnessTest {
    private static final int ROUNDS = 100;

    @Test
    void theRichStreamCompletesWithEverythingItHolds() {
        var bytes = RichStream.bytes();
        var pump = new Pump(new ResponsesApi()).bytes(bytes, 0, bytes.length).end();

        StreamRules.check(pump.events());
        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
        assertThat(pump.response().items().get(1).content())
                .extracting(part -> part.text())
                .containsExactly("Hello \uD83D\uDE00 world!", null, "spoken", "second part", "No.");
        assertThat(pump.response().items().getLast().content())
                .extracting(part -> part.text())
                .containsExactly("never streamed");
    }

    @Test
    void everyPrefixOfFramesEndsOnceWithAllClosed() {
        for (int length = 0; length <= RichStream.FRAMES.size(); length++) {
            var pump = new Pump(new ResponsesApi());
            RichStream.FRAMES.subList(0, length).forEach(pump::frame);

            StreamRules.check(pump.end().events());
        }
    }

    @Test
    void framesInAnyOrderEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var pump = new Pump(new ResponsesApi());
            for (int i = 0; i < 60; i++) {
                pump.frame(RichStream.FRAMES.get(random.nextInt(RichStream.FRAMES.size() - 1)));
            }
            check(seed, round, pump.end());
        }
    }

    @Test
    void chunkingChangesNothing() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var bytes = RichStream.bytes();
        List<Draft> whole =
                new Pump(new ResponsesApi()).bytes(bytes, 0, bytes.length).end().drafts();
        for (int round = 0; round < 20; round++) {
            var pump = new Pump(new ResponsesApi());
            int at = 0;
            while (at < bytes.length) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(40));
                pump.bytes(bytes, at, to);
                at = to;
            }
            assertThat(pump.end().drafts()).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void anErrorInPlainWordsIsAnError() {
        var pump = new Pump(new ResponsesApi());
        pump.accept(new SseSignal.Frame(new SseFrame("error", "Out of memory.", null)));

        assertThat(pump.end().drafts().getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> {
                            assertThat(failed.code()).isEqualTo("provider_error");
                            assertThat(failed.message()).isEqualTo("Out of memory.");
                        });
    }

    private static void check(long seed, int round, Pump pump) {
        try {
            StreamRules.check(pump.events());
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", round " + round, e);
        }
    }
}
