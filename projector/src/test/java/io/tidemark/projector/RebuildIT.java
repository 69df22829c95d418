package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Generations;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Rebuilds on a real broker, one for all tests; each test has a topic prefix of its own. */
@RunsOnKafka
final class RebuildIT {
    private static final int PARTITIONS = 4;
    private static final Duration WAIT_MAX = Duration.ofMinutes(3);

    /* To a rebuild every minute in which something was written is over. */
    private static final InstantSource MINUTES_LATER =
            () -> Instant.now().plus(Duration.ofMinutes(5));

    @TempDir Path stateDir;

    private static TestKafka kafka;

    @BeforeAll
    static void start(TestKafka kafka) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        RebuildIT.kafka = kafka;
    }

    @Test
    void makesTheSameBytesUnderTheNextGenerationAndDeletesTheOldOnes() throws Exception {
        var topics = topics("same");
        var streams = streams(40);
        try (var log = new TestLog(servers(), topics)) {
            for (var stream : streams) {
                log.append(stream.records(0, 20))
                        .append(List.of(stream.fence(2), stream.record(21, 1)))
                        .append(stream.records(21, stream.last(), 2));
            }
            project(topics, log, streams.size());
            var responses = byKey(log.committed(topics.responses()));
            var usage = byKey(log.committed(topics.usage()));
            var rollups = byKey(log.committed(topics.rollups()));

            var report = rebuild(topics, false);

            var now = topics.withGeneration(1);
            assertThat(report.generation()).isEqualTo(1);
            assertThat(byKey(log.committed(now.rollups()))).isEqualTo(rollups);
            assertThat(report.rollups().equal()).isEqualTo(rollups.size());
            assertThat(report.rollups().same()).isTrue();
            assertThat(report.responses().equal()).isEqualTo(streams.size());
            assertThat(report.usage().equal()).isEqualTo(streams.size());
            assertThat(byKey(log.committed(now.responses()))).isEqualTo(responses);
            assertThat(byKey(log.committed(now.usage()))).isEqualTo(usage);
            assertThat(report.deleted())
                    .contains(topics.responses().name(), topics.usage().name())
                    .contains(topics.rollups().name())
                    .contains(topics.prefix() + "-projector-pieces-changelog")
                    .contains(topics.prefix() + "-projector-rollups-changelog")
                    .contains(topics.prefix() + "-projector-rollups-repartition")
                    .doesNotContain(now.responses().name(), now.usage().name())
                    .noneMatch(name -> name.contains("-g1-"));
            assertThat(current(log, topics)).isEqualTo(1);
        }
    }

    /** Of partition 0 the log has lost the first stream and the head of the second. */
    @Test
    void takesOverWhatTheLogNoLongerHolds() throws Exception {
        var topics = topics("older");
        var streams = streams(12);
        try (var log = new TestLog(servers(), topics)) {
            for (var stream : streams) {
                log.append(stream.records());
            }
            project(topics, log, streams.size());
            var responses = byKey(log.committed(topics.responses()));
            var usage = byKey(log.committed(topics.usage()));
            var rollups = byKey(log.committed(topics.rollups()));
            log.deleteEvents(0, streams.getFirst().length() + 10L);

            var report = rebuild(topics, true);

            assertThat(report.responses().equal()).isEqualTo(streams.size());
            var now = topics.withGeneration(1);
            assertThat(byKey(log.committed(now.responses()))).isEqualTo(responses);
            assertThat(byKey(log.committed(now.usage()))).isEqualTo(usage);
            assertThat(byKey(log.committed(now.rollups()))).isEqualTo(rollups);
            assertThat(report.deleted()).isEmpty();
            assertThat(log.committed(topics.usage())).hasSize(streams.size());
        }
    }

    @Test
    void goesOnWhereItWasInterrupted() throws Exception {
        var topics = topics("interrupted");
        var streams = streams(40);
        try (var log = new TestLog(servers(), topics)) {
            for (var stream : streams) {
                log.append(stream.records());
            }
            project(topics, log, streams.size());
            var usage = byKey(log.committed(topics.usage()));

            var first = new Told(Thread::interrupt);
            assertThatThrownBy(() -> rebuild(topics, true, first))
                    .isInstanceOf(InterruptedException.class);
            assertThat(current(log, topics)).isZero();
            var second = new Told(_ -> {});
            rebuild(topics, true, second);

            assertThat(first.steps).containsExactly("started 1");
            assertThat(second.steps).containsExactly("started 1 again", "comparing", "switched 1");
            var rows = log.committed(topics.withGeneration(1).usage());
            assertThat(rows).hasSize(streams.size());
            assertThat(byKey(rows)).isEqualTo(usage);
        }
    }

    @Test
    void doesNotLetResultsCountThatLackSome() throws Exception {
        var topics = topics("lacking");
        var published = SampleStream.of(1, 1, 10);
        var lost = SampleStream.of(1, 2, 10);
        try (var log = new TestLog(servers(), topics)) {
            log.append(published.records());
            project(topics, log, 1);
            var row = log.committed(topics.usage()).getFirst();
            log.appendResult(topics.usage(), lost.id(), row.value(), row.headers());

            assertThatThrownBy(() ->
                            rebuild(
                                    waitingFor(Duration.ofSeconds(20), topics),
                                    false,
                                    new Told(_ -> {})))
                    .isInstanceOf(RebuildFailedException.class)
                    .hasMessageContaining("lack 1 ledger rows")
                    .hasMessageContaining(lost.id().toString());

            assertThat(current(log, topics)).isZero();
            assertThat(log.committed(topics.usage())).hasSize(2);
        }
    }

    @Test
    void tellsWhatChanged() throws Exception {
        var topics = topics("changed");
        var stream = SampleStream.of(2, 1, 10);
        try (var log = new TestLog(servers(), topics)) {
            log.append(stream.records());
            project(topics, log, 1);
            var response = log.committed(topics.responses()).getFirst();
            var other = new String(response.value(), UTF_8).replace("w2 ", "w3 ").getBytes(UTF_8);
            log.appendResult(topics.responses(), stream.id(), other, response.headers());

            var report = rebuild(topics, true);

            assertThat(report.responses().changedKeys()).containsExactly(stream.id().toString());
            assertThat(report.usage().changed()).isZero();
            var now = log.committed(topics.withGeneration(1).responses()).getFirst();
            assertThat(now.value()).isEqualTo(response.value());
        }
    }

    private void project(Topics topics, TestLog log, int results) throws InterruptedException {
        try (var projector =
                Projector.start(
                        config(topics), new SimpleMeterRegistry(), InstantSource.system())) {
            assertThat(projector.awaitReady(WAIT_MAX)).isTrue();
            awaitCommitted(log, topics.responses(), results);
            awaitCommitted(log, topics.usage(), results);
            await().atMost(WAIT_MAX).until(() -> rolledUp(log, topics) == results);
        }
    }

    private static long rolledUp(TestLog log, Topics topics) {
        var latest = new HashMap<String, Long>();
        for (var record : log.committed(topics.rollups())) {
            var requests = RollupCodec.decode(record.value()).requests();
            latest.put(new String(record.key(), UTF_8), requests);
        }
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    private RebuildReport rebuild(Topics topics, boolean keepOld) throws InterruptedException {
        return rebuild(topics, keepOld, new Told(_ -> {}));
    }

    private RebuildReport rebuild(Topics topics, boolean keepOld, Told told)
            throws InterruptedException {
        return rebuild(config(topics, "rebuild"), keepOld, told);
    }

    private ProjectorConfig waitingFor(Duration missing, Topics topics) {
        return config(topics, "rebuild")
                .withTimings(ProjectorTimings.defaults().withMissingMax(missing));
    }

    private static RebuildReport rebuild(ProjectorConfig config, boolean keepOld, Told told)
            throws InterruptedException {
        return Rebuild.run(config, keepOld, new SimpleMeterRegistry(), MINUTES_LATER, told);
    }

    private ProjectorConfig config(Topics topics) {
        return config(topics, "live");
    }

    private ProjectorConfig config(Topics topics, String folder) {
        return ProjectorConfig.of(
                Map.of("bootstrap.servers", servers()), topics, stateDir.resolve(folder));
    }

    private static int current(TestLog log, Topics topics) {
        var said = Generations.FIRST;
        for (var record : log.committed(topics.generations())) {
            said = said.after(record);
        }
        return said.current();
    }

    private static List<ConsumerRecord<byte[], byte[]>> awaitCommitted(
            TestLog log, Topic topic, int count) {
        return await().atMost(WAIT_MAX)
                .until(() -> log.committed(topic), found -> found.size() >= count);
    }

    private static Map<String, String> byKey(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .collect(
                        toMap(
                                record -> new String(record.key(), UTF_8),
                                record ->
                                        new String(record.value(), UTF_8)
                                                + record.timestamp()
                                                + record.headers(),
                                (_, latest) -> latest));
    }

    private static List<SampleStream> streams(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> SampleStream.of(number % PARTITIONS, number, 40))
                .toList();
    }

    private static Topics topics(String prefix) {
        return TestLog.topics(kafka.prefix(prefix), PARTITIONS);
    }

    private static String servers() {
        return kafka.bootstrapServers();
    }

    /** Remembers what it is told, and does something while events have still to be read. */
    private static final class Told implements RebuildListener {
        private final List<String> steps = new ArrayList<>();
        private final Consumer<Thread> whileBehind;

        private Told(Consumer<Thread> whileBehind) {
            this.whileBehind = whileBehind;
        }

        @Override
        public void started(int generation, boolean resumed) {
            steps.add("started " + generation + (resumed ? " again" : ""));
        }

        @Override
        public void behind(long events) {
            whileBehind.accept(Thread.currentThread());
        }

        @Override
        public void comparing() {
            steps.add("comparing");
        }

        @Override
        public void switched(int generation) {
            steps.add("switched " + generation);
        }

        @Override
        public void retiring() {
            steps.add("retiring");
        }
    }
}
