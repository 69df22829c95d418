package io.tidemark.projector;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.internal.ProjectorTopology;
import io.tidemark.projector.internal.QueryHandler;
import io.tidemark.projector.internal.QueryServer;
import io.tidemark.projector.internal.ResponseQuery;
import io.tidemark.projector.internal.RocksMemory;
import io.tidemark.projector.internal.SequenceWaiters;
import io.tidemark.projector.internal.StateFolder;
import io.tidemark.projector.internal.StoreView;
import io.tidemark.projector.internal.StreamsSettings;
import io.tidemark.projector.internal.ThreadFaults;
import io.tidemark.schemas.TopicProvisioner;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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

    private static final Duration TOPICS_MAX = Duration.ofSeconds(30);
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final QueryServer server;
    private final SequenceWaiters waiters;
    private final RocksMemory memory;
    private final StateFolder folder;
    private final ProjectorMetrics metrics;
    private final CountDownLatch running = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    private Projector(
            KafkaStreams streams,
            QueryServer server,
            SequenceWaiters waiters,
            RocksMemory memory,
            StateFolder folder,
            ProjectorMetrics metrics) {
        this.streams = streams;
        this.server = server;
        this.waiters = waiters;
        this.memory = memory;
        this.folder = folder;
        this.metrics = metrics;
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
     *     the topics do not fit together; nothing is left running or registered then
     * @throws io.tidemark.schemas.TopicRefusedException if a topic has settings that break a
     *     promise or no broker answers
     */
    public static Projector start(
            ProjectorConfig config, MeterRegistry meterRegistry, InstantSource clock) {
        ensureTopics(config);
        /* Bound before its meters are registered: an address is what a second start fails on. */
        var server =
                QueryServer.bind(
                        config.host(), config.port(), config.queriesMax() + config.waitersMax());
        var projector = build(config, new ProjectorMetrics(meterRegistry, clock), clock, server);
        try {
            projector.begin(config);
        } catch (RuntimeException e) {
            projector.close();
            throw e;
        }
        LOGGER.atInfo()
                .addKeyValue("address", server.address())
                .addKeyValue("applicationId", config.applicationId())
                .log("projector started");
        return projector;
    }

    private static void ensureTopics(ProjectorConfig config) {
        var topics = config.topics();
        try (var admin = Admin.create(Map.<String, Object>copyOf(config.kafka()))) {
            new TopicProvisioner(admin, topics, TOPICS_MAX)
                    .ensure(List.of(topics.events(), topics.responses(), topics.usage()));
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
            var folder = new StateFolder(config.stateDir(), config.applicationId());
            return new Projector(streams, server, waiters, memory, folder, metrics);
        } catch (RuntimeException e) {
            memory.close();
            server.close();
            metrics.close();
            throw e instanceof KafkaException
                    ? new ProjectorStartException(
                            "cannot start on " + config.stateDir() + ": " + e.getMessage(), e)
                    : e;
        }
    }

    private void begin(ProjectorConfig config) {
        streams.setStateListener((now, _) -> changed(now));
        folder.begin();
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
     * Commits and stops, within about ten seconds, and takes its meters away. Its partitions wait
     * for it for the session timeout, so that a restart finds them where they were. Later calls do
     * nothing.
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
        try (metrics) {
            stopStreams();
        }
    }

    private void stopStreams() {
        if (streams.close(STOP_MAX)) {
            memory.close();
            folder.end();
        } else {
            /* Stores that are still open use the memory: it goes with the process. */
            LOGGER.atWarn()
                    .addKeyValue("durationMs", STOP_MAX.toMillis())
                    .log("projector not stopped in time");
        }
    }
}
