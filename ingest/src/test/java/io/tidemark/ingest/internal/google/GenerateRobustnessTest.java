package io.tidemark.ingest.internal.google;

import io.tidemark.ingest.internal.Seeds;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** Whatever Google's models say and in whatever order, the rules of a stream hold. */
class GenerateRobustnessTest {
    private static final int ROUNDS = 20;
    private static final int CHUNKS = 60;

    @Test
    void chunksInAnyOrderEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var pump = new Pump(new GenerateApi());
            for (int i = 0; i < CHUNKS; i++) {
                pump.frame(RichStream.CHUNKS.get(random.nextInt(RichStream.CHUNKS.size())));
            }
            check(seed, round, pump.end());
        }
    }

    private static void check(long seed, int round, Pump pump) {
        try {
            StreamRules.check(pump.events());
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", round " + round, e);
        }
    }
}
