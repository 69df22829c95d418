package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Reads the log for readers that are behind: a few threads, each with a log of its own, and one
 * queue of jobs. A job reads one bounded batch, so a slow reader holds a batch, never a thread.
 *
 * <p>The queue is bounded. A reader that comes new is turned away when more than a set number of
 * jobs wait; a reader that is being served already is not, and has at most one job at a time, so
 * that the queue never holds more than that number and the number of readers together. Thread-safe.
 */
public final class CatchUp implements BatchSource, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CatchUp.class);

    private record Job(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            Consumer<Outcome> answer) {}

    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final int newcomersWaitingMax;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private CatchUp(int newcomersWaitingMax) {
        this.newcomersWaitingMax = newcomersWaitingMax;
    }

    /**
     * Starts the threads.
     *
     * @param threads how many, each with a consumer
     * @param newcomersWaitingMax with that many jobs waiting, new readers are turned away
     * @param log makes the log that the thread of this number reads from; called on that thread
     */
    static CatchUp start(int threads, int newcomersWaitingMax, IntFunction<EventLog> log) {
        var catchUp = new CatchUp(newcomersWaitingMax);
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
     * @param batchBytes about how many bytes of frames a reader behind is given at a time
     */
    public static CatchUp start(
            KafkaClients clients,
            String events,
            String commands,
            int threads,
            int newcomersWaitingMax,
            Duration skew,
            int batchBytes,
            int scanRecordsMax) {
        var limits = new KafkaEventLog.Limits(skew, batchBytes, scanRecordsMax);
        return start(
                threads,
                newcomersWaitingMax,
                number -> new KafkaEventLog(clients, number, events, commands, limits));
    }

    @Override
    public boolean submit(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            boolean newcomer,
            Consumer<Outcome> answer) {
        if (closed || (newcomer && jobs.size() >= newcomersWaitingMax)) {
            return false;
        }
        return jobs.offer(new Job(id, tenant, from, wanted, answer));
    }

    private void run(EventLog log) {
        try (log) {
            while (!closed) {
                var job = jobs.poll(500, TimeUnit.MILLISECONDS);
                if (job != null) {
                    job.answer().accept(read(log, job));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Outcome read(EventLog log, Job job) {
        try {
            var batch = log.read(job.id(), job.tenant(), job.from(), job.wanted());
            boolean nothing = batch.atEnd() && !batch.cursor().met();
            return new Outcome.Read(batch, nothing && log.started(job.id(), job.tenant()));
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", job.id())
                    .addKeyValue("error", e.toString())
                    .log("catch-up could not read the log");
            return new Outcome.Failed();
        }
    }

    /** Jobs that wait for a thread. */
    public int waiting() {
        return jobs.size();
    }

    /** Stops the threads; jobs that wait are not answered. Waits a few seconds at most. */
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
