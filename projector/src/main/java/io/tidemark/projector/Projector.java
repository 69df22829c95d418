package io.tidemark.projector;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.internal.ProjectorTopology;
import io.tidemark.projector.internal.QueryHandler;
import io.tidemark.projector.internal.QueryServer;
import io.tidemark.projector.internal.ResponseQuery;
import io.tidemark.projector.internal.ResultTopics;
import io.tidemark.projector.internal.RocksMemory;
import io.tidemark.projector.internal.SequenceWaiters;
import io.tidemark.projector.internal.StoreView;
import io.tidemark.projector.internal.StreamsSettings;
import io.tidemark.projector.internal.ThreadFaults;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The projector role: folds events to responses and ledger rows, and answers for responses by id.
 *
 * <p>It answers from the moment it is started; until its state is restored, with 503. Thread-safe.
 */
public final class Projector implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Projector.class);

    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final QueryServer server;
    private final SequenceWaiters waiters;
    private final RocksMemory memory;
    private final CountDownLatch running = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    private Projector(
            KafkaStreams streams, QueryServer server, SequenceWaiters waiters, RocksMemory memory) {
        this.streams = streams;
        this.server = server;
        this.waiters = waiters;
        this.memory = memory;
    }

    /**
     * Creates or checks the topics and starts; returns when the query endpoint answers, which is
     * before the state is restored.
     *
     * @param config what, where and how
     * @param meterRegistry where its meters go; see {@link ProjectorMetrics}
     * @param clock tells the time that delays are measured by; nothing in a result depends on it
     * @return the running projector, to be closed by the caller
     * @throws ProjectorStartException if the address is taken, the state directory is in use, or
     *     the topics do not fit together; nothing is left running then
     * @throws io.tidemark.schemas.TopicRefusedException if a topic has settings that break a
     *     promise or no broker answers
     */
    public static Projector start(
            ProjectorConfig config, MeterRegistry meterRegistry, InstantSource clock) {
        int partitions = ResultTopics.ensure(config.kafka(), config.topics());
        var metrics = new ProjectorMetrics(meterRegistry, clock);
        var server =
                QueryServer.bind(
                        config.host(), config.port(), config.queriesMax() + config.waitersMax());
        try {
            var projector = build(config, metrics, clock, server);
            projector.begin(config, metrics);
            LOGGER.atInfo()
                    .addKeyValue("address", server.address())
                    .addKeyValue("applicationId", config.applicationId())
                    .addKeyValue("partitions", partitions)
                    .log("projector started");
            return projector;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Projector build(
            ProjectorConfig config,
            ProjectorMetrics metrics,
            InstantSource clock,
            QueryServer server) {
        var waiters = new SequenceWaiters(config.waitersMax());
        metrics.waiting(waiters::size);
        var memory = new RocksMemory();
        try {
            var topology =
                    new ProjectorTopology(
                                    config.topics(),
                                    waiters,
                                    metrics,
                                    Stores::persistentKeyValueStore)
                            .build();
            var settings = StreamsSettings.of(config, memory, server.address());
            var streams = new KafkaStreams(topology, settings);
            streams.setUncaughtExceptionHandler(new ThreadFaults(metrics, clock));
            return new Projector(streams, server, waiters, memory);
        } catch (StreamsException e) {
            memory.close();
            throw new ProjectorStartException(
                    "cannot use state directory " + config.stateDir() + ": " + e.getMessage(), e);
        }
    }

    private void begin(ProjectorConfig config, ProjectorMetrics metrics) {
        streams.setStateListener((now, _) -> changed(now));
        streams.start();
        StoreView stores =
                (name, partition) ->
                        streams.store(
                                StoreQueryParameters.fromNameAndType(
                                                name,
                                                QueryableStoreTypes.<byte[], byte[]>keyValueStore())
                                        .withPartition(partition));
        var query = new ResponseQuery(stores, waiters, config.queriesMax());
        server.start(new QueryHandler(query, streams::state, metrics));
    }

    private void changed(KafkaStreams.State now) {
        LOGGER.atInfo().addKeyValue("state", now).log("projector state changed");
        if (now == KafkaStreams.State.RUNNING || now.hasCompletedShutdown()) {
            running.countDown();
        }
    }

    /** Where the query endpoint listens, {@code http://HOST:PORT}. */
    public URI address() {
        return server.address();
    }

    /** Whether every partition that this instance has can be asked about. */
    public boolean ready() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /**
     * Waits until the state is restored for the first time.
     *
     * @return whether it is; false if the time is over or the projector stopped meanwhile
     */
    public boolean awaitReady(Duration max) throws InterruptedException {
        return running.await(max.toMillis(), TimeUnit.MILLISECONDS) && ready();
    }

    /**
     * Commits and stops, within about ten seconds. Its partitions wait for it for the session
     * timeout, so that a restart finds them where they were. Later calls do nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        waiters.wakeAll();
        try {
            server.close();
        } finally {
            closeStreams();
        }
    }

    private void closeStreams() {
        if (streams.close(STOP_MAX)) {
            memory.close();
        } else {
            /* Stores that are still open use the memory: it goes with the process. */
            LOGGER.atWarn()
                    .addKeyValue("waitedMs", STOP_MAX.toMillis())
                    .log("projector not stopped in time");
        }
    }
}
