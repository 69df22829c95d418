package io.tidemark.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.ingest.internal.Closing;
import io.tidemark.ingest.internal.KafkaClients;
import io.tidemark.ingest.internal.Worker;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.RightsCheck;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A worker of the ingest role: takes the commands of the partitions it owns, calls providers, and
 * writes what they stream to {@code tidemark.events}; see {@code docs/protocol.md}.
 *
 * <p>All workers of an installation are one consumer group; the owner of a partition is the only
 * writer of its streams. A worker that ends, by {@link #close} or by dying, leaves nothing without
 * an end: what it cannot end itself, the next owner of the partition finds open in the log and
 * ends.
 *
 * <p>Thread-safe. Runs one thread for commands, one for leases, and a virtual thread for each
 * stream.
 */
public final class IngestWorker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(IngestWorker.class);

    /** What {@link #close} takes at most, beyond the time to drain. */
    public static final Duration CLOSE_BEYOND_DRAIN_MAX = Closing.BEYOND_DRAIN_MAX;

    private final Worker worker;
    private final Thread thread;
    private final Duration drain;

    private IngestWorker(Worker worker, Thread thread, Duration drain) {
        this.worker = worker;
        this.thread = thread;
        this.drain = drain;
    }

    /**
     * Starts a worker: makes sure that the topics are there, joins the group, and returns once it
     * has its first assignment of partitions, which may be empty, and has claimed them. Those that
     * it could not claim within a quarter of the time that starting may take are logged, and
     * claimed when that is possible.
     *
     * @param meters where it counts; meter names begin with {@code tidemark.ingest.}
     * @param clock stamps events and commands
     * @throws io.tidemark.schemas.TopicRefusedException if the topics are not what the contract
     *     needs, or the brokers do not answer
     * @throws io.tidemark.schemas.NotAllowedException if they do not allow what a worker does
     * @throws IllegalStateException if no assignment comes in time, or the worker stopped before,
     *     for instance because the group refused it; the cause says why
     */
    public static IngestWorker start(
            IngestConfig config, MeterRegistry meters, InstantSource clock) {
        try (var admin = new KafkaClients(config).admin()) {
            var longest = config.timings().start();
            new TopicProvisioner(admin, config.topics(), longest)
                    .ensure(
                            topics(config),
                            new RightsCheck(
                                    admin,
                                    KafkaRole.INGEST,
                                    config.topics(),
                                    config.masterKeys().isEmpty()
                                            ? Set.of()
                                            : Set.of(KafkaRole.Part.ENCRYPTION),
                                    longest));
        }
        var worker = Worker.assemble(config, meters, clock);
        var thread = Thread.ofPlatform().name("tidemark-ingest-commands").start(worker.loop());
        var timings = config.timings();
        var started = new IngestWorker(worker, thread, timings.drain());
        started.awaitAssignment(timings.start());
        return started;
    }

    private static List<Topic> topics(IngestConfig config) {
        var topics = config.topics();
        var used = new ArrayList<>(List.of(topics.commands(), topics.events()));
        used.add(topics.deadLetters());
        if (!config.masterKeys().isEmpty()) {
            used.add(topics.keys());
        }
        return used;
    }

    private void awaitAssignment(Duration longest) {
        try {
            boolean assigned = worker.loop().awaitAssigned(longest);
            if (assigned && !stopped().isDone()) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        throw notStarted(longest);
    }

    private IllegalStateException notStarted(Duration longest) {
        var ended = stopped();
        return ended.isCompletedExceptionally()
                ? new IllegalStateException(
                        "the worker stopped before it had its partitions", ended.exceptionNow())
                : new IllegalStateException(
                        "the worker got no partitions from its group within " + longest);
    }

    /**
     * Completes when the worker has stopped taking commands: normally after {@link #close},
     * exceptionally if it lost its place in the group, for instance to another worker of the same
     * id. Its streams are then left to the next owner, and all that is left to do is to close it.
     */
    public CompletableFuture<Void> stopped() {
        return worker.loop().stopped();
    }

    /**
     * Stops taking commands, gives the streams in flight the configured time to drain, ends the
     * rest as aborted, and leaves. Idempotent; blocks for at most the drain time and {@link
     * #CLOSE_BEYOND_DRAIN_MAX}, 30 s, whatever Kafka and the providers do:
     *
     * <ul>
     *   <li>up to 10 s after it was called partitions are handed over, while streams drain;
     *   <li>up to 24 s after draining what has not ended by itself is ended;
     *   <li>up to 25 s after draining the last reader of commands closes;
     *   <li>up to 30 s after draining producers and connections to providers close, 5 s each.
     * </ul>
     *
     * <p>All of these are parts of one time, so what one takes the next has not; what a step could
     * not do, the next owner of the partition does.
     */
    @Override
    public void close() {
        var time = Closing.now(drain, System::nanoTime);
        worker.loop().drain(time);
        finish(time);
    }

    /** Stops as a killed process does: nothing more is written, committed or said. For tests. */
    void kill() {
        worker.loop().kill();
        worker.killer().run();
        finish(Closing.now(Duration.ZERO, System::nanoTime));
    }

    private void finish(Closing time) {
        join(time);
        for (var part : worker.parts()) {
            try {
                part.close(time.partLeft());
            } catch (RuntimeException e) {
                LOGGER.atWarn().addKeyValue("error", e.toString()).log("part did not close");
            }
        }
    }

    private void join(Closing time) {
        try {
            if (!thread.join(time.loopLeft())) {
                LOGGER.atWarn().log("command loop did not end in time");
                worker.loop().kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
