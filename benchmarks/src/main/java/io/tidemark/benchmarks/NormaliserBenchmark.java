package io.tidemark.benchmarks;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.JsonArrayParser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.SseParser;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.LifecycleBody.Completed;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What normalising alone costs: bytes as a connection brings them, through the parser and the
 * normaliser, to the events that a worker would number and write. An operation is one reading of
 * all streams of a source; {@link NormaliserFigures} runs it and divides by the events.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class NormaliserBenchmark {
    /** The source that is one stream written for the dialect. */
    static final String WRITTEN = "written";

    /** The source that is every recording of the dialect. */
    static final String RECORDED = "recorded";

    /* What a TLS record over Ethernet brings at a time, when a provider sends as it generates. */
    private static final int CHUNK_BYTES = 1400;

    @Param(ResponsesApi.NAME)
    public String dialect = ResponsesApi.NAME;

    @Param(WRITTEN)
    public String source = WRITTEN;

    private List<byte[]> streams = List.of();
    private MeasuredDialect measured = MeasuredDialect.ALL.getFirst();

    /** Events and bytes of the operations; JMH gives both per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counted {
        public long events;
        public long bytes;
    }

    /**
     * Loads the streams.
     *
     * @throws IllegalStateException if there is nothing to read, or the written stream is not read
     *     to its end: figures of a failure would look good
     */
    @Setup
    public void load() {
        measured = MeasuredDialect.named(dialect);
        streams = source.equals(RECORDED) ? measured.recorded() : measured.written();
        if (streams.isEmpty()) {
            throw new IllegalStateException("no streams of " + dialect + ", source " + source);
        }
        if (source.equals(WRITTEN)) {
            requireCompleted(streams.getFirst());
        }
    }

    private void requireCompleted(byte[] stream) {
        var drafts = new ArrayList<Draft>();
        normalise(stream, drafts::addAll);
        if (!(drafts.getLast().body() instanceof Completed)
                || drafts.size() < WrittenStreams.PIECES / WrittenStreams.PIECES_PER_GEMINI_CHUNK) {
            throw new IllegalStateException(
                    dialect + " ends with " + drafts.getLast().body().getClass().getSimpleName());
        }
    }

    /** Every stream of the source, once. */
    @Benchmark
    public void normalise(Counted counted, Blackhole blackhole) {
        for (var stream : streams) {
            counted.bytes += stream.length;
            normalise(
                    stream,
                    drafts -> {
                        counted.events += drafts.size();
                        blackhole.consume(drafts);
                    });
        }
    }

    /** The part of it that is not ours to save: finding the frames, and parsing their JSON. */
    @Benchmark
    public void parse(Blackhole blackhole) {
        for (var stream : streams) {
            signals(
                    stream,
                    signal -> {
                        if (signal instanceof SseSignal.Frame(var frame)) {
                            blackhole.consume(ProviderJson.value(frame.data()));
                        }
                    });
        }
    }

    private void normalise(byte[] stream, Consumer<List<Draft>> said) {
        var context =
                new NormaliserContext(
                        "a-provider", ProviderJson.newObject(), ResponseLimits.defaults());
        var normaliser = measured.api().normaliser(context);
        signals(stream, signal -> said.accept(normaliser.accept(signal)));
        said.accept(normaliser.endOfBytes());
    }

    private static void signals(byte[] stream, Consumer<SseSignal> signals) {
        var parser =
                stream[0] == '[' ? new JsonArrayParser(SseParser.FRAME_BYTES_MAX) : new SseParser();
        for (int from = 0; from < stream.length; from += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, stream.length - from);
            parser.feed(ByteBuffer.wrap(stream, from, length), signals);
        }
        parser.end(signals);
    }
}
