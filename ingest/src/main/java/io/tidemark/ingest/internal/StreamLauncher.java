package io.tidemark.ingest.internal;

import static java.util.function.Function.identity;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

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

    /** How many more streams may be opened. */
    int room() {
        return Math.max(0, streamsMax - inFlight.get());
    }

    /**
     * Opens a stream.
     *
     * @param epoch under which we own its partition
     * @param inherited what the log holds of it, if it was taken over
     * @param cancelled whether its end was asked for already
     * @param owner told on the loop's thread
     */
    StreamRun open(
            Command.Start start,
            long epoch,
            @Nullable Inherited inherited,
            boolean cancelled,
            StreamRun.Owner owner) {
        return launch(new StreamRun(start, epoch, inherited, services, onLoop(owner)), cancelled);
    }

    /**
     * Ends a stream that was taken over and whose start is not known; there need be no room for it.
     *
     * @param epoch under which we own its partition
     * @param inherited what the log holds of it
     * @param cancelled whether its end was asked for already
     * @param owner told on the loop's thread
     */
    StreamRun end(
            StreamId id,
            long epoch,
            Inherited inherited,
            boolean cancelled,
            StreamRun.Owner owner) {
        return launch(
                StreamRun.withoutStart(id, epoch, inherited, services, onLoop(owner)), cancelled);
    }

    private StreamRun launch(StreamRun run, boolean cancelled) {
        if (cancelled) {
            run.cancel();
        }
        inFlight.incrementAndGet();
        Thread.ofVirtual()
                .name("tidemark-stream-" + run.id())
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
     * Claims a partition that we were given.
     *
     * @param released counted down when the partition is not ours any more
     * @param claimed told the claim's offset on the loop's thread, unless the partition is released
     *     before
     */
    void claim(int partition, CountDownLatch released, LongConsumer claimed) {
        beside(
                "tidemark-claim-" + partition,
                released,
                insistence -> {
                    insistence
                            .untilTaken(() -> services.commands().sendAndWait(claimOf(partition)))
                            .ifPresent(at -> loop.execute(() -> claimed.accept(at.offset())));
                });
    }

    private ProducerRecord<byte[], byte[]> claimOf(int partition) {
        var now = services.log().clock().millis();
        return CommandCodec.record(
                services.commandsTopic(), new Command.Claim(partition, now, services.workerId()));
    }

    /**
     * Takes streams of one partition over.
     *
     * @param epoch under which we own it
     * @param released counted down when the partition is not ours any more
     * @param inherited told on the loop's thread, unless the partition is released before; without
     *     those that are nobody's to take over
     * @param outranked told instead if somebody has claimed the partition after us
     */
    void takeOver(
            int partition,
            long epoch,
            Collection<Orphan> orphans,
            CountDownLatch released,
            Consumer<Map<StreamId, Inherited>> inherited,
            Runnable outranked) {
        /* What was read of them outlives a try that fails. */
        Collection<ReadBack> streams =
                orphans.stream()
                        .map(orphan -> new ReadBack(orphan, epoch, services.keys().opener()))
                        .toList();
        beside(
                "tidemark-takeover-" + partition,
                released,
                insistence -> {
                    try {
                        insistence
                                .untilTaken(() ->
                                        services.takeover()
                                                .inherit(
                                                        partition,
                                                        () -> streams,
                                                        () -> released.getCount() > 0))
                                .flatMap(identity())
                                .ifPresent(result -> loop.execute(() -> inherited.accept(result)));
                    } catch (OutrankedException e) {
                        loop.execute(outranked);
                    }
                });
    }

    private void beside(String name, CountDownLatch released, Consumer<Insistence> work) {
        var insistence = new Insistence(services.retry(), released);
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        work.accept(insistence);
                    } catch (Error e) {
                        /* The partition would stay paused for ever: better that another owns it. */
                        loop.execute(() -> {
                            throw e;
                        });
                    }
                });
    }
}
