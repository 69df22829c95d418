package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorStartException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One generation of results in the making: Kafka Streams with its stores, its memory and its
 * folder. Thread-safe.
 */
public final class Projection implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Projection.class);

    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final ProjectorConfig config;
    private final ProjectorMetrics metrics;
    private final KafkaStreams streams;
    private final SequenceWaiters waiters;
    private final RocksMemory memory;
    private final StoreFiles files;
    private final Openings openings;
    private final StateFolder folder;
    private final RunningSignal running;
    private final ThreadFaults faults;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Projection(
            ProjectorConfig config,
            ProjectorMetrics metrics,
            KafkaStreams streams,
            SequenceWaiters waiters,
            RocksMemory memory,
            StoreFiles files,
            Openings openings,
            ThreadFaults faults) {
        this.config = config;
        this.metrics = metrics;
        this.streams = streams;
        this.waiters = waiters;
        this.memory = memory;
        this.files = files;
        this.openings = openings;
        this.faults = faults;
        this.folder = new StateFolder(config.stateDir(), config.applicationId());
        this.running = new RunningSignal(streams::state);
        streams.setStateListener(this::changed);
    }

    /**
     * A projection that does not run yet.
     *
     * @param config its topics say which generation, its application id is of that
     * @param metrics closed with this
     * @param advertised {@code HOST:PORT} of this instance as others are told it
     * @param inheritance what it takes over from the generation before, while that counts
     * @throws ProjectorStartException if the state directory is in use
     */
    public static Projection of(
            ProjectorConfig config,
            ProjectorMetrics metrics,
            InstantSource clock,
            String advertised,
            Optional<Inheritance> inheritance) {
        var openings = openings(config, metrics, clock);
        var waiters = new SequenceWaiters(config.waitersMax());
        metrics.waiting(waiters::size);
        var memory = new RocksMemory();
        var files = new StoreFiles(metrics);
        try {
            var topology =
                    new ProjectorTopology(
                                    config.topics(),
                                    config.prices(),
                                    waiters,
                                    metrics,
                                    config.timings().silentAfter(),
                                    files::supplier,
                                    files,
                                    openings,
                                    inheritance)
                            .build();
            var settings = StreamsSettings.of(config, memory, advertised);
            inheritance.ifPresent(_ -> StreamsSettings.inOrderOfTime(settings));
            var streams =
                    new KafkaStreams(
                            topology,
                            settings,
                            new ReadBackClients(config.topics().responses().name()));
            var faults = new ThreadFaults(metrics, clock);
            streams.setUncaughtExceptionHandler(faults);
            return new Projection(
                    config, metrics, streams, waiters, memory, files, openings, faults);
        } catch (RuntimeException e) {
            openings.close();
            files.close();
            memory.close();
            metrics.close();
            throw e instanceof KafkaException
                    ? new ProjectorStartException(
                            "cannot start on " + config.stateDir() + ": " + e.getMessage(), e)
                    : e;
        }
    }

    private static Openings openings(
            ProjectorConfig config, ProjectorMetrics metrics, InstantSource clock) {
        try {
            return Openings.start(config, metrics, clock);
        } catch (RuntimeException e) {
            metrics.close();
            throw e;
        }
    }

    /** Begins; state that a crash left is thrown away first. */
    public void start() {
        folder.begin();
        streams.start();
    }

    private void changed(KafkaStreams.State now, KafkaStreams.State before) {
        LOGGER.atInfo()
                .addKeyValue("applicationId", config.applicationId())
                .addKeyValue("state", now)
                .log("projector state changed");
        running.onChange(now, before);
    }

    /** What it is doing. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    /** What Kafka did not allow, if that is why it stopped. */
    public Optional<String> notAllowed() {
        return faults.notAllowed();
    }

    /**
     * What queries are answered with from here, to be closed by the caller before this is.
     *
     * @param partitions how many the log has
     * @param advertised {@code HOST:PORT} of this instance as others are told it
     */
    public Answers answers(int partitions, String advertised) {
        return new Answers(
                config, streams, faults::notAllowed, waiters, metrics, partitions, advertised);
    }

    /**
     * Waits until the state is restored.
     *
     * @return whether it is; false if the time is over or it stops
     */
    public boolean awaitRunning(Duration max) throws InterruptedException {
        return running.await(max);
    }

    /** Wakes every query that waits, because nothing will come any more. */
    public void wakeAll() {
        waiters.wakeAll();
    }

    /**
     * Commits and stops, within about ten seconds, and takes its meters away. Its partitions wait
     * for it for the session timeout, so that a restart finds them where they were.
     */
    @Override
    public void close() {
        close(GroupMembershipOperation.REMAIN_IN_GROUP);
    }

    /** The same, and its partitions go to other instances at once. */
    public void leave() {
        close(GroupMembershipOperation.LEAVE_GROUP);
    }

    /** The same, and what it keeps on this machine is deleted. */
    public void discard() {
        if (close(GroupMembershipOperation.LEAVE_GROUP)) {
            folder.delete();
        }
    }

    /* Returns whether it has stopped now, in time. */
    private boolean close(GroupMembershipOperation membership) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        wakeAll();
        try (metrics) {
            return stop(membership);
        }
    }

    private boolean stop(GroupMembershipOperation membership) {
        var options = CloseOptions.timeout(STOP_MAX).withGroupMembershipOperation(membership);
        boolean stopped = streams.close(options);
        openings.close();
        if (stopped) {
            files.close();
            memory.close();
            folder.end();
            return true;
        }
        /* Stores that are still open use the memory: it goes with the process. */
        LOGGER.atWarn()
                .addKeyValue("applicationId", config.applicationId())
                .addKeyValue("durationMs", STOP_MAX.toMillis())
                .log("projector not stopped in time");
        return false;
    }
}
