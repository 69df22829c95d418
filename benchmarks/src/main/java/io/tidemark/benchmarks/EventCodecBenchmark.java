package io.tidemark.benchmarks;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What one delta costs on its way: once encoded by the worker, once decoded and folded by the
 * projector. The delta has the size that recorded ones have on average, 4 characters.
 *
 * <pre>mvn -q -Dquick -Pjmh -pl benchmarks -am package -Djmh=EventCodec</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EventCodecBenchmark {
    private static final StreamId ID =
            StreamId.mint(InstantSource.fixed(Instant.EPOCH), new Random(1), 3);
    private static final int DELTAS_PER_RESPONSE = 1_000;

    private final StreamEvent delta =
            new StreamEvent(
                    ID, 7, 1_795_185_600_455L, Placement.content(0, 0, "msg_1"), text("tide"));
    private final byte[] encoded = EventCodec.encode(delta);

    private static TextDelta text(String text) {
        return new TextDelta(text, null);
    }

    /** One delta to JSON. */
    @Benchmark
    public byte[] encode() {
        return EventCodec.encode(delta);
    }

    /** One delta from JSON. */
    @Benchmark
    public StreamEvent decode() {
        return EventCodec.decode(encoded);
    }

    /** A thousand deltas from JSON to a response; divide by that to compare with the others. */
    @Benchmark
    public Object foldThousand() {
        var fold = new ResponseFold();
        for (int i = 0; i < DELTAS_PER_RESPONSE; i++) {
            fold.add(1, EventCodec.decode(encoded));
        }
        return fold.response();
    }
}
