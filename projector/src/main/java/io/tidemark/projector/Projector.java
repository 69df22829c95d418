package io.tidemark.projector;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.internal.QueryServer;
import io.tidemark.projector.internal.rebuild.LiveGenerations;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.TopicProvisioner;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The projector role: folds events to responses and ledger rows, and answers for responses by id.
 *
 * <p>It answers from the moment it is started; until its state is restored, with 503. When results
 * of another generation begin to count ({@link Rebuild}), it goes over to them by itself, and goes
 * on to answer meanwhile. Thread-safe.
 */
public final class Projector implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Projector.class);

    private static final Duration TOPICS_MAX = Duration.ofSeconds(30);

    private final QueryServer server;
    private final LiveGenerations live;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Projector(QueryServer server, LiveGenerations live) {
        this.server = server;
        this.live = live;
    }

    /** Starts a projector whose {@code GET /metrics} says nothing; see the other. */
    public static Projector start(
            ProjectorConfig config, MeterRegistry meterRegistry, InstantSource clock) {
        return start(config, meterRegistry, () -> "", clock);
    }

    /**
     * Creates or checks the topics and starts; returns when the query endpoint answers, which is
     * before the state is restored.
     *
     * @param config what, where and how
     * @param meterRegistry where its meters go; see {@link ProjectorMetrics}
     * @param metricsScrape what {@code GET /metrics} answers, in Prometheus's text format
     * @param clock tells the time that delays are measured by; nothing in a result depends on it
     * @return the running projector, to be closed by the caller
     * @throws ProjectorStartException if the address is taken, the state directory is in use, or
     *     the topics do not fit together; nothing is left running or registered then
     * @throws io.tidemark.schemas.TopicRefusedException if a topic has settings that break a
     *     promise or no broker answers
     * @throws io.tidemark.schemas.NotAllowedException if they do not allow what a projector does
     */
    public static Projector start(
            ProjectorConfig config,
            MeterRegistry meterRegistry,
            Supplier<String> metricsScrape,
            InstantSource clock) {
        int partitions = ensureTopics(config);
        /* Bound before its meters are registered: an address is what a second start fails on. */
        var server =
                QueryServer.bind(
                        config.host(), config.port(), config.queriesMax() + config.waitersMax());
        var live = begin(config, meterRegistry, clock, server, partitions);
        server.start(live::handler, metricsScrape);
        LOGGER.atInfo()
                .addKeyValue("address", server.address())
                .addKeyValue("applicationId", live.applicationId())
                .log("projector started");
        return new Projector(server, live);
    }

    private static LiveGenerations begin(
            ProjectorConfig config,
            MeterRegistry meterRegistry,
            InstantSource clock,
            QueryServer server,
            int partitions) {
        try {
            return LiveGenerations.start(
                    config, meterRegistry, clock, partitions, advertised(config, server));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /* Returns how many partitions the log of events has. */
    private static int ensureTopics(ProjectorConfig config) {
        var topics = config.topics();
        try (var admin = Admin.create(Map.<String, Object>copyOf(config.kafka()))) {
            return new TopicProvisioner(admin, topics, TOPICS_MAX)
                    .ensure(
                            List.of(topics.events(), topics.generations()),
                            config.rights(admin, KafkaRole.PROJECTOR, TOPICS_MAX))
                    .getOrDefault(topics.events().name(), topics.partitions());
        }
    }

    private static String advertised(ProjectorConfig config, QueryServer server) {
        var told = config.advertisedAddress();
        return told == null ? server.advertised() : told;
    }

    /** Where the query endpoint listens, {@code http://HOST:PORT}. */
    public URI address() {
        return server.address();
    }

    /** Whether every partition that this instance has can be asked about. */
    public boolean ready() {
        return live.state() == KafkaStreams.State.RUNNING;
    }

    /**
     * Waits until the state is restored, and through the rebalances on the way.
     *
     * @return whether it is; false if the time is over or the projector stopped meanwhile
     */
    public boolean awaitReady(Duration max) throws InterruptedException {
        return live.awaitRunning(max);
    }

    /** What Kafka did not allow, if that is why it stopped making results. */
    public Optional<String> notAllowed() {
        return live.notAllowed();
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
        live.wakeAll();
        try (live) {
            server.close();
        }
    }
}
