package io.tidemark.projector.internal.rebuild;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.RebuildFailedException;
import io.tidemark.projector.RebuildListener;
import io.tidemark.projector.RebuildReport;
import io.tidemark.projector.RebuildReport.Compared;
import io.tidemark.projector.internal.Inheritance;
import io.tidemark.projector.internal.Projection;
import io.tidemark.projector.internal.rebuild.Comparison.Keyed;
import io.tidemark.projector.internal.rebuild.Comparison.Span;
import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.GenerationWord;
import io.tidemark.schemas.Generations;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * One rebuild, from the word that it has begun to the end of the generation before. Each step can
 * be done again, so that a rebuild that was interrupted anywhere is gone on with by the next one.
 * Confined to one thread.
 */
public final class RebuildRun implements AutoCloseable {
    /** Names the one process that rebuilds: a second one would take its place in the group. */
    private static final String INSTANCE = "rebuild";

    /* Nobody asks it: results that do not count yet are nobody's answer. */
    private static final String NO_SERVER = "127.0.0.1:1";

    private static final Duration TOPICS_MAX = Duration.ofSeconds(30);
    /* A rebuild that was killed is in its group until its session is over. */
    private static final Duration SESSION_MAX = Duration.ofSeconds(30);
    private static final Duration RETIRE_MAX = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final ProjectorConfig config;
    private final InstantSource clock;
    private final RebuildListener listener;
    private final Brokers brokers;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final GenerationLog generations;

    /**
     * A run that has not begun.
     *
     * @param config of the projector whose results are made anew
     */
    public RebuildRun(ProjectorConfig config, InstantSource clock, RebuildListener listener) {
        this.config = config;
        this.clock = clock;
        this.listener = listener;
        this.brokers = new Brokers(config.kafka());
        this.consumer = consumer(config.kafka());
        this.producer = producer(config.kafka());
        this.generations = new GenerationLog(config.topics(), producer);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        var settings = new HashMap<String, Object>(kafka);
        settings.remove("group.id");
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(settings, bytes, bytes);
    }

    private static Producer<byte[], byte[]> producer(Map<String, String> kafka) {
        var settings = new HashMap<String, Object>(kafka);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        var bytes = new ByteArraySerializer();
        return new KafkaProducer<>(settings, bytes, bytes);
    }

    /** Runs; see {@link io.tidemark.projector.Rebuild#run}. */
    public RebuildReport run(boolean keepOld, MeterRegistry meters) throws InterruptedException {
        ensure(List.of(config.topics().events(), config.topics().generations()));
        var said = said();
        var old = config.topics().withGeneration(said.current());
        var now = old.withGeneration(old.generation() + 1);
        GenerationTopics.ensure(config.ofGeneration(old.generation()), KafkaRole.REBUILD);
        GenerationTopics.ensure(config.ofGeneration(now.generation()), KafkaRole.REBUILD);
        var build = build(said, now);
        var report = make(build, old, now, meters);
        return keepOld ? report : retire(old, report);
    }

    private Generations said() {
        try (var reader = new GenerationReader(config.kafka(), config.topics())) {
            return reader.read();
        }
    }

    private void ensure(List<Topic> topics) {
        try (var admin = Admin.create(Map.<String, Object>copyOf(config.kafka()))) {
            new TopicProvisioner(admin, config.topics(), TOPICS_MAX)
                    .ensure(topics, config.rights(admin, KafkaRole.REBUILD, TOPICS_MAX));
        }
    }

    private GenerationWord.Building build(Generations said, Topics now)
            throws InterruptedException {
        var begun = said.building().filter(it -> it.generation() == now.generation());
        listener.started(now.generation(), begun.isPresent());
        if (begun.isPresent()) {
            return begun.get();
        }
        var begins = new Beginnings(brokers, clock).of(now.events());
        var build = new GenerationWord.Building(now.generation(), begins, clock.millis());
        generations.say(build);
        return build;
    }

    private RebuildReport make(
            GenerationWord.Building build, Topics old, Topics now, MeterRegistry meters)
            throws InterruptedException {
        var making = config.ofGeneration(now.generation()).withInstanceId(INSTANCE);
        begin(making.applicationId(), now.events(), build.begins());
        var metrics = new ProjectorMetrics(meters, clock);
        var inheritance = Optional.of(new Inheritance(old, build.begins()));
        var projection = Projection.of(making, metrics, clock, NO_SERVER, inheritance);
        try {
            projection.start();
            var report = follow(projection, making.applicationId(), old, now);
            /* It reads topics that no projector reads: it has to be gone before one comes. */
            projection.discard();
            letCount(now);
            return report;
        } finally {
            projection.leave();
        }
    }

    /* Only once: a rebuild that is gone on with has offsets of its own. */
    private void begin(String group, Topic events, Map<Integer, Long> begins)
            throws InterruptedException {
        if (!awaitEmpty(group, SESSION_MAX)) {
            throw new RebuildFailedException(
                    "somebody is in the group "
                            + group
                            + " already: one process rebuilds at a time");
        }
        var committed = brokers.committed(group);
        var missing =
                begins.entrySet().stream()
                        .map(it ->
                                Map.entry(
                                        new TopicPartition(events.name(), it.getKey()),
                                        it.getValue()))
                        .filter(it -> !committed.containsKey(it.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (!missing.isEmpty()) {
            brokers.commit(group, missing);
        }
    }

    private RebuildReport follow(Projection projection, String group, Topics old, Topics now)
            throws InterruptedException {
        var events = brokers.partitions(now.events());
        new CatchUp(brokers, group, events, listener)
                .await(() -> {
                    refuseNotAllowed(projection);
                    return alive(projection.state());
                });
        listener.comparing();
        var report = compare(old, now, events.size());
        refuseMissing("responses", report.responses());
        refuseMissing("ledger rows", report.usage());
        return report;
    }

    private static void refuseNotAllowed(Projection projection) {
        projection
                .notAllowed()
                .ifPresent(it -> {
                    throw new RebuildFailedException(it);
                });
    }

    private void letCount(Topics now) throws InterruptedException {
        generations.say(new GenerationWord.Current(now.generation(), clock.millis()));
        listener.switched(now.generation());
    }

    private static boolean alive(KafkaStreams.State state) {
        return state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED;
    }

    private RebuildReport compare(Topics old, Topics now, int partitions)
            throws InterruptedException {
        var all = span(old.responses(), Long.MAX_VALUE, Keyed.BY_STREAM);
        var rows = span(old.usage(), Long.MAX_VALUE, Keyed.BY_STREAM);
        var minutes = span(old.rollups(), over(), Keyed.BY_TEXT);
        return new RebuildReport(
                now.generation(),
                compare(old.responses(), now.responses(), partitions, all),
                compare(old.usage(), now.usage(), partitions, rows),
                compare(old.rollups(), now.rollups(), partitions, minutes),
                Set.of());
    }

    /* What is older than its retention may be gone at any moment, in either generation. */
    private Span span(Topic older, long until, Keyed kind) throws InterruptedException {
        long retentionMs = Long.parseLong(brokers.setting(older, Beginnings.RETENTION));
        long since = retentionMs < 0 ? 0 : clock.millis() - retentionMs;
        return new Span(since, until, kind);
    }

    /* To which minute nothing comes any more, for all that ended in it has been read. */
    private long over() {
        long reached = clock.millis() - CatchUp.BEHIND_MAX.toMillis();
        return RollupKey.minuteOf(Math.max(0, reached));
    }

    private Compared compare(Topic older, Topic newer, int partitions, Span span) {
        var comparison = new Comparison(consumer, span, config.timings().missingMax());
        var sum = Compared.NONE;
        for (int partition = 0; partition < partitions; partition++) {
            sum = sum.and(comparison.of(older, newer, partition));
        }
        return sum;
    }

    private static void refuseMissing(String kind, Compared compared) {
        if (compared.missing() > 0) {
            throw new RebuildFailedException(
                    "the new results lack %d %s that the old ones have, of %s; the old ones go on to count"
                            .formatted(compared.missing(), kind, compared.missingKeys()));
        }
    }

    private RebuildReport retire(Topics old, RebuildReport report) throws InterruptedException {
        listener.retiring();
        var group = config.applicationId(old);
        if (!awaitEmpty(group, RETIRE_MAX)) {
            return report;
        }
        brokers.forget(group);
        var results = old.results().stream().map(Topic::name).collect(Collectors.toSet());
        var deleted =
                brokers.delete(name -> results.contains(name) || Topics.isInternal(name, group));
        return report.deleting(deleted);
    }

    private boolean awaitEmpty(String group, Duration max) throws InterruptedException {
        long began = System.nanoTime();
        while (!brokers.empty(group)) {
            if (System.nanoTime() - began > max.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for group " + group);
            }
        }
        return true;
    }

    @Override
    public void close() {
        try (brokers;
                producer) {
            consumer.close(
                    org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }
}
