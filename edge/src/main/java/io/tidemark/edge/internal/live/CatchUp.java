package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Reads the log for readers that are behind: a few threads, each with a log of its own, and one
 * {@linkplain ReadQueue queue}. A read gives each who waits for it one bounded batch, so a slow
 * reader holds a batch, never a thread.
 *
 * <p>The queue is bounded. A reader that comes new is turned away when more than a set number of
 * reads wait, unless it can share one of them; a reader that is being served already is not, and
 * waits for at most one read at a time, so that no more wait than there are readers. Thread-safe.
 */
public final class CatchUp implements BatchSource, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CatchUp.class);

    /** Most bytes of batches that are kept for readers who come a little later. */
    static final long RECENT_BYTES_MAX = 16L * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final ReadQueue queue;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private CatchUp(ReadQueue queue) {
        this.queue = queue;
    }

    /**
     * Starts the threads.
     *
     * @param threads how many, each with a consumer
     * @param readsWaitingMax with that many reads waiting, new readers are turned away
     * @param log makes the log that the thread of this number reads from; called on that thread
     */
    static CatchUp start(
            int threads, int readsWaitingMax, EdgeMetrics metrics, IntFunction<EventLog> log) {
        return start(threads, new ReadQueue(readsWaitingMax, RECENT_BYTES_MAX, metrics), log);
    }

    private static CatchUp start(int threads, ReadQueue queue, IntFunction<EventLog> log) {
        var catchUp = new CatchUp(queue);
        for (int i = 0; i < threads; i++) {
            int number = i;
            catchUp.threads.add(
                    Thread.ofPlatform()
                            .name("tidemark-edge-catch-up-" + number)
                            .daemon()
                            .start(() -> catchUp.run(log.apply(number))));
        }
        return catchUp;
    }

    /**
     * Starts the threads on the log in Kafka.
     *
     * @param skew how far the clock of whoever minted an id may be ahead of the broker's
     * @param erased streams of which nothing is kept
     * @param opener opens what is sealed
     * @param batchBytes about how many bytes of frames a reader behind is given at a time
     */
    public static CatchUp start(
            KafkaClients clients,
            String events,
            String commands,
            int threads,
            int readsWaitingMax,
            Duration skew,
            int batchBytes,
            int scanRecordsMax,
            ErasedStreams erased,
            Opener opener,
            EdgeMetrics metrics) {
        var limits = new KafkaEventLog.Limits(skew, batchBytes, scanRecordsMax);
        return start(
                threads,
                new ReadQueue(readsWaitingMax, RECENT_BYTES_MAX, metrics, erased::has),
                number ->
                        new KafkaEventLog(
                                clients.catchUp(number), events, commands, limits, opener));
    }

    @Override
    public boolean submit(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            boolean newcomer,
            Consumer<Outcome> answer) {
        return !closed && queue.offer(new Standpoint(id, tenant, from), wanted, newcomer, answer);
    }

    private void run(EventLog log) {
        try (log) {
            while (!closed) {
                queue.serve(log, PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of what is kept of a stream. */
    void forget(StreamId id) {
        queue.forget(id);
    }

    /** Reads that wait for a thread. */
    public int waiting() {
        return queue.size();
    }

    /** Stops the threads; those who wait are not answered. Waits a few seconds at most. */
    @Override
    public void close() {
        closed = true;
        try {
            for (var thread : threads) {
                if (!thread.join(Duration.ofSeconds(5))) {
                    LOGGER.atWarn().addKeyValue("thread", thread.getName()).log("did not stop");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
