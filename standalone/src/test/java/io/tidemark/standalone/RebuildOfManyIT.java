package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.devkit.Recording;
import io.tidemark.projector.Projector;
import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.Rebuild;
import io.tidemark.projector.RebuildListener;
import io.tidemark.projector.RebuildReport;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a projector has made is deleted, and made anew from the log: the same bytes. The
 * log has what a worker writes of every recording, and of the simulator's answers in every dialect,
 * many times over and worn ({@link WornStreams}). {@code -Drebuild.streams=10000} takes as many
 * streams, {@code -Drebuild.seed} wears them otherwise.
 */
@RunsOnKafka
final class RebuildOfManyIT {
    private static final int PARTITIONS = 6;
    private static final int STREAMS = Integer.getInteger("rebuild.streams", 500);
    private static final long SEED = Long.getLong("rebuild.seed", 46);
    private static final int STREAMS_AT_A_TIME = 200;
    private static final Duration WAIT_MAX = Duration.ofMinutes(15);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final List<String> MODELS =
            List.of(
                    "sim-answer",
                    "sim-unicode",
                    "sim-reasoning",
                    "sim-tool",
                    "sim-refusal",
                    "sim-max-tokens",
                    "sim-filter",
                    "sim-fail");

    @TempDir Path dir;

    @Test
    void resultsAreTheSameBytesAfterAllThatWasMadeOfThemIsGone(TestKafka kafka) throws Exception {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        var topics = topics(kafka.prefix("many"));
        var now = topics.withGeneration(1);
        var originals = originals();
        try (var log = new KafkaLog(kafka.bootstrapServers())) {
            var streams = new WornStreams(originals, topics.events().name(), PARTITIONS, SEED);
            write(streams, log, topics);
            var servers = kafka.settings();
            var config = ProjectorConfig.of(servers, topics, dir.resolve("live"));
            project(config, log, streams.ended());
            var responses = latest(log, topics.responses());
            var usage = latest(log, topics.usage());
            var rollups = latest(log, topics.rollups());
            log.delete(
                    List.of(
                            topics.responses().name(),
                            topics.usage().name(),
                            topics.rollups().name()));
            log.deleteApplication(config.applicationId());

            long began = System.nanoTime();
            var report = rebuild(ProjectorConfig.of(servers, topics, dir.resolve("anew")));
            var took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(report.responses().added()).isEqualTo(streams.ended());
            assertThat(log.count(now.usage())).isEqualTo(streams.ended());
            assertThat(latest(log, now.responses())).isEqualTo(responses);
            assertThat(latest(log, now.usage())).isEqualTo(usage);
            await().atMost(WAIT_MAX)
                    .pollInterval(LOOK_INTERVAL)
                    .untilAsserted(() -> assertThat(latest(log, now.rollups())).isEqualTo(rollups));
            System.out.printf(
                    "%,d streams made of %,d (seed %d), %,d records of events: %,d responses, %,d rows, %,d rollups rebuilt in %s%n",
                    STREAMS,
                    originals.size(),
                    SEED,
                    log.count(topics.events()),
                    responses.size(),
                    usage.size(),
                    rollups.size(),
                    took);
        }
    }

    /* Each stream as a worker writes it, whole. */
    private List<List<ConsumerRecord<byte[], byte[]>>> originals() throws Exception {
        var kafka = "127.0.0.1:" + FreePort.find();
        var settings = new ArrayList<String>();
        settings.add("data-dir=" + dir.resolve("originals"));
        settings.add("kafka.bootstrap-servers=" + kafka);
        settings.add("simulator.first-token=0ms");
        settings.add("simulator.token-interval=0ms");
        var recordings = RecordedApi.all().mapToLong(api -> api.recordings().size()).sum();
        if (recordings == 0) {
            System.out.println(
                    "SKIPPED: streams made of recordings, as there are none at "
                            + Recording.defaultRoot()
                            + "; name their directory with -Drecordings.dir=DIR");
        } else {
            settings.add("simulator.recordings-dir=" + Recording.defaultRoot());
        }
        var streams = new LinkedHashMap<String, List<ConsumerRecord<byte[], byte[]>>>();
        try (var stack = new ShutdownStack()) {
            var loaded = SettingsLoader.load(null, Map.of(), settings);
            var node = StandaloneNode.start(loaded, stack);
            var client = stack.push("client", new TidemarkClient(node.addEdge(0)));
            for (var api : RecordedApi.values()) {
                for (var model : models(api)) {
                    var id = client.start(api.api(), api.request(model, Map.of()));
                    Followed.whole(client, id);
                    streams.put(id, new ArrayList<>());
                }
            }
            try (var log = new KafkaLog(kafka)) {
                log.each(
                        Topics.defaults().events(),
                        record -> {
                            var id = new String(record.key(), UTF_8);
                            requireNonNull(streams.get(id), id).add(record);
                        });
            }
        }
        return List.copyOf(streams.values());
    }

    private static List<String> models(RecordedApi api) {
        var models = new ArrayList<String>();
        api.recordings().forEach(recording -> models.add("recording:" + recording.name()));
        if (api != RecordedApi.TRANSCRIPTIONS) {
            models.addAll(MODELS);
        }
        return models;
    }

    private static void write(WornStreams streams, KafkaLog log, Topics topics) throws Exception {
        new TopicProvisioner(log.admin(), topics, WAIT_MAX).ensure(List.of(topics.events()));
        for (int written = 0; written < STREAMS; written += STREAMS_AT_A_TIME) {
            log.append(streams.next(Math.min(STREAMS_AT_A_TIME, STREAMS - written)));
        }
    }

    private static void project(ProjectorConfig config, KafkaLog log, int results)
            throws InterruptedException {
        var topics = config.topics();
        try (var projector =
                Projector.start(config, new SimpleMeterRegistry(), InstantSource.system())) {
            assertThat(projector.awaitReady(WAIT_MAX)).isTrue();
            await().atMost(WAIT_MAX)
                    .pollInterval(LOOK_INTERVAL)
                    .until(() ->
                            log.count(topics.usage()) == results
                                    && rolledUp(log, topics) == results);
            assertThat(log.count(topics.responses())).isEqualTo(results);
        }
    }

    private static RebuildReport rebuild(ProjectorConfig config) throws InterruptedException {
        return Rebuild.run(
                config,
                false,
                new SimpleMeterRegistry(),
                /* When every minute in which something was written is over. */
                () -> Instant.now().plus(Duration.ofMinutes(5)),
                RebuildListener.NONE);
    }

    private static long rolledUp(KafkaLog log, Topics topics) {
        var latest = new TreeMap<String, Long>();
        log.each(
                topics.rollups(),
                record ->
                        latest.put(
                                new String(record.key(), UTF_8),
                                RollupCodec.decode(record.value()).requests()));
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    /* Key, value, time and headers of the last record of each key. */
    private static Map<String, String> latest(KafkaLog log, Topic topic)
            throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        var latest = new TreeMap<String, String>();
        log.each(
                topic,
                record ->
                        latest.put(
                                new String(record.key(), UTF_8),
                                HexFormat.of().formatHex(digest.digest(record.value()))
                                        + record.timestamp()
                                        + record.headers()));
        return latest;
    }

    private static Topics topics(String prefix) {
        var defaults = Topics.defaults();
        return new Topics(
                prefix,
                PARTITIONS,
                defaults.replicationFactor(),
                defaults.eventRetention(),
                defaults.commandRetention(),
                defaults.resultRetention());
    }
}
