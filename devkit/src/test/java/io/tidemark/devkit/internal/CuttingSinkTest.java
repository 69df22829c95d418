package io.tidemark.devkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.Chunking;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class CuttingSinkTest {

    private final CollectingSink collected = new CollectingSink();

    @Test
    void cutsToTheSizeAcrossWrites() throws IOException {
        var sink = CuttingSink.cutting(new Chunking.EveryBytes(4), collected);

        sink.write(new byte[6], 0, 6);
        sink.write(new byte[3], 0, 3);
        sink.end();

        assertThat(collected.sizes).containsExactly(4, 4, 1);
    }

    @Test
    void wholeFramesAreLeftAlone() {
        assertThat(CuttingSink.cutting(new Chunking.WholeFrames(), collected)).isSameAs(collected);
    }

    @RepeatedTest(50)
    void whateverTheCutsTheBytesStay() throws IOException {
        var configured = System.getProperty("test.seed", "");
        var seed = configured.isEmpty() ? System.nanoTime() : Long.parseLong(configured);
        var random = new SplittableRandom(seed);
        var body = new byte[random.nextInt(1, 5_000)];
        random.nextBytes(body);
        var sink =
                CuttingSink.cutting(new Chunking.Random(seed, random.nextInt(1, 100)), collected);

        for (var from = 0; from < body.length; ) {
            var length = Math.min(random.nextInt(1, 700), body.length - from);
            sink.write(body, from, length);
            from += length;
        }
        sink.end();

        assertThat(collected.all.toByteArray()).as("seed %d", seed).isEqualTo(body);
    }

    /** Remembers what came, and how much at each flush. */
    private static final class CollectingSink implements BodySink {

        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final List<Integer> sizes = new ArrayList<>();
        private int pending;

        @Override
        public void write(byte[] bytes, int from, int length) {
            all.write(bytes, from, length);
            pending += length;
        }

        @Override
        public void flush() {
            if (pending > 0) {
                sizes.add(pending);
            }
            pending = 0;
        }

        @Override
        public void end() {
            flush();
        }
    }
}
