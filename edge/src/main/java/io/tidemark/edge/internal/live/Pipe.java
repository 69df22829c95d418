package io.tidemark.edge.internal.live;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The sinks between a reader and a response, as the client has asked for them:
 *
 * <pre>
 *   reader -&gt; types -&gt; batches -&gt; snapshot -&gt; page -&gt; response
 * </pre>
 *
 * <p>Who asks for nothing gets the response itself. What tells the reader that it may go on goes
 * back through those that keep something. Confined to the reader's loop.
 */
public final class Pipe implements Upstream {
    private final ReaderSink entry;
    private final @Nullable BatchSink batches;
    private @Nullable Upstream upstream;

    /**
     * Sinks for a response that streams.
     *
     * @param response where the frames go in the end
     */
    public Pipe(Shape shape, Delay delay, ReaderSink response) {
        this(shape, delay, response, false);
    }

    private Pipe(Shape shape, Delay delay, ReaderSink last, boolean prompt) {
        var sink = last;
        if (shape.snapshot() != null) {
            sink = new SnapshotSink(sink, shape.snapshot());
        }
        batches = shape.batch().isZero() ? null : new BatchSink(sink, shape.batch(), delay);
        sink = batches == null ? sink : batches;
        entry = shape.types().all() ? sink : new FilterSink(sink, shape.types(), prompt);
    }

    /**
     * Sinks for a response that is one page.
     *
     * @param next sequence of the first event wanted
     * @param eventsMax most events of the page
     * @param wait how long the client waits for the first one
     */
    public static Pipe page(
            Shape shape,
            Delay delay,
            StreamId id,
            long next,
            int eventsMax,
            Duration wait,
            ReaderSink response) {
        var page = new PageSink(response, id, next, eventsMax, wait, delay);
        var pipe = new Pipe(shape, delay, page, true);
        page.from(pipe);
        return pipe;
    }

    /** Where the reader writes. */
    public ReaderSink entry() {
        return entry;
    }

    /** Says whose frames they are; before anything is written. */
    public void from(Upstream reader) {
        if (batches == null) {
            upstream = reader;
        } else {
            batches.from(reader);
            upstream = batches;
        }
    }

    private Upstream upstream() {
        return requireNonNull(upstream, "upstream");
    }

    @Override
    public void busy() {
        upstream().busy();
    }

    @Override
    public void writable() {
        upstream().writable();
    }

    @Override
    public void heartbeat() {
        upstream().heartbeat();
    }

    @Override
    public void disconnected() {
        upstream().disconnected();
    }
}
