package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rollups on a real broker: what they say is what the ledger says, whatever happens. */
@RunsOnKafka
final class RollupsIT {
    private static final int PARTITIONS = 4;
    private static final Duration WAIT_MAX = Duration.ofMinutes(4);

    @TempDir Path stateDir;

    private static TestKafka kafka;

    @BeforeAll
    static void start(TestKafka kafka) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        RollupsIT.kafka = kafka;
    }

    @Test
    void areTheSumOfTheLedgerAlsoAfterLocalStateIsLost() throws Exception {
        var topics = TestLog.topics(kafka.prefix("sums"), PARTITIONS);
        try (var log = new TestLog(kafka.bootstrapServers(), topics)) {
            append(log, 0, 24);
            try (var _ = projector(topics, "app")) {
                awaitSums(log, topics, 24);
            }
            deleteTree(stateDir.resolve("app"));
            append(log, 24, 32);
            try (var _ = projector(topics, "app")) {
                awaitSums(log, topics, 32);
            }
        }
    }

    @Test
    void areTheSameBytesWhenEverythingIsFoldedAgain() throws Exception {
        var topics = TestLog.topics(kafka.prefix("again"), PARTITIONS);
        try (var log = new TestLog(kafka.bootstrapServers(), topics)) {
            append(log, 0, 24);
            try (var _ = projector(topics, "app")) {
                awaitSums(log, topics, 24);
            }
            var before = latest(log, topics);
            log.deleteResults();
            try (var _ = projector(topics, "another")) {
                awaitSums(log, topics, 24);
            }
            assertThat(latest(log, topics)).isEqualTo(before);
        }
    }

    @Test
    void countEachRowOnceAlthoughTheProjectorIsKilled() throws Exception {
        var topics = TestLog.topics(kafka.prefix("killed"), PARTITIONS);
        try (var log = new TestLog(kafka.bootstrapServers(), topics)) {
            for (int life = 0; life < 2; life++) {
                try (var _ =
                        ProjectorProcess.start(
                                kafka.bootstrapServers(), topics.prefix(), stateDir)) {
                    append(log, life * 40, life * 40 + 40);
                    int rows = life * 40 + 1;
                    await().atMost(WAIT_MAX)
                            .until(() -> log.committed(topics.usage()).size() >= rows);
                }
            }
            try (var _ =
                    ProjectorProcess.start(kafka.bootstrapServers(), topics.prefix(), stateDir)) {
                awaitSums(log, topics, 80);
            }
        }
    }

    private static void append(TestLog log, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            log.append(SampleStream.of(number % PARTITIONS, number, 5 + number % 7).records());
        }
    }

    /* To the last field of each rollup, and so in any sum of them. */
    private static void awaitSums(TestLog log, Topics topics, int rows) {
        await().atMost(WAIT_MAX)
                .untilAsserted(() -> {
                    var ledger = log.committed(topics.usage());
                    assertThat(ledger).hasSize(rows);
                    assertThat(rollups(log, topics)).isEqualTo(summed(ledger));
                });
        assertThat(partitions(log.committed(topics.usage()))).isEqualTo(PARTITIONS);
    }

    private static long partitions(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().mapToInt(ConsumerRecord::partition).distinct().count();
    }

    private static Map<String, Rollup> summed(List<ConsumerRecord<byte[], byte[]>> ledger) {
        var sums = new TreeMap<String, Rollup>();
        for (var record : ledger) {
            var row = ResponseCodec.decodeUsage(record.value());
            var key = RollupKey.of(row, record.timestamp());
            sums.merge(new String(key.encode(), UTF_8), Rollup.of(key, row), Rollup::plus);
        }
        return sums;
    }

    private static Map<String, Rollup> rollups(TestLog log, Topics topics) {
        var rollups = new TreeMap<String, Rollup>();
        for (var record : log.committed(topics.rollups())) {
            rollups.put(new String(record.key(), UTF_8), RollupCodec.decode(record.value()));
        }
        return rollups;
    }

    /* With all that a record has. */
    private static Map<String, String> latest(TestLog log, Topics topics) {
        var latest = new TreeMap<String, String>();
        for (var record : log.committed(topics.rollups())) {
            latest.put(
                    new String(record.key(), UTF_8),
                    record.partition()
                            + new String(record.value(), UTF_8)
                            + record.timestamp()
                            + record.headers());
        }
        return latest;
    }

    private Projector projector(Topics topics, String application) throws InterruptedException {
        var config =
                ProjectorConfig.of(
                                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                                topics,
                                stateDir.resolve(application))
                        .withApplicationId(topics.prefix() + "-" + application)
                        .withPrices(SampleRows.PRICES);
        var projector = Projector.start(config, new SimpleMeterRegistry(), InstantSource.system());
        assertThat(projector.awaitReady(WAIT_MAX)).isTrue();
        return projector;
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
