package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Starts what runs beside the command loop: streams, each on a virtual thread, and takeovers. What
 * they have to tell comes back through the loop's own inbox, so that what it owns stays confined to
 * it. Called by the loop's thread alone.
 */
final class StreamLauncher {
    private final StreamServices services;
    private final Executor loop;
    private final int streamsMax;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * @param loop runs things on the loop's thread
     * @param streamsMax most streams in flight
     */
    StreamLauncher(StreamServices services, Executor loop, int streamsMax) {
        this.services = services;
        this.loop = loop;
        this.streamsMax = streamsMax;
    }

    /** Whether one more stream may be opened. */
    boolean room() {
        return inFlight.get() < streamsMax;
    }

    /**
     * Opens a stream.
     *
     * @param inherited what the log holds of it, if it was taken over
     * @param cancelled whether its end was asked for already
     * @param owner told on the loop's thread
     */
    StreamRun open(
            Command.Start start,
            @Nullable Inherited inherited,
            boolean cancelled,
            StreamRun.Owner owner) {
        var run = new StreamRun(start, inherited, services, onLoop(owner));
        if (cancelled) {
            run.cancel();
        }
        inFlight.incrementAndGet();
        Thread.ofVirtual()
                .name("tidemark-stream-" + start.requestId())
                .start(() -> {
                    try {
                        run.run();
                    } finally {
                        inFlight.decrementAndGet();
                    }
                });
        return run;
    }

    private StreamRun.Owner onLoop(StreamRun.Owner owner) {
        return new StreamRun.Owner() {
            @Override
            public void finished(StreamRun run) {
                loop.execute(() -> owner.finished(run));
            }

            @Override
            public void failed(StreamRun run) {
                loop.execute(() -> owner.failed(run));
            }
        };
    }

    /**
     * Takes streams of one partition over.
     *
     * @param released counted down when the partition is not ours any more
     * @param inherited told on the loop's thread, unless the partition is released before
     */
    void takeOver(
            int partition,
            Collection<Claim> claims,
            CountDownLatch released,
            Consumer<Map<StreamId, Inherited>> inherited) {
        var insistence = new Insistence(services.log().producer(), services.retry(), released);
        Thread.ofVirtual()
                .name("tidemark-takeover-" + partition)
                .start(() -> {
                    try {
                        insistence
                                .untilTaken(() -> services.takeover().inherit(partition, claims))
                                .ifPresent(result -> loop.execute(() -> inherited.accept(result)));
                    } catch (Error e) {
                        /* The partition would stay paused for ever: better that another owns it. */
                        loop.execute(() -> {
                            throw e;
                        });
                    }
                });
    }
}
