package io.tidemark.seal;

import static io.tidemark.seal.Streams.RANDOM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.WrappedKey;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys in a topic of a real broker. */
@RunsOnKafka
final class KeyRingIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Found NO_KEY = new Found.Missing(Unreadable.NO_KEY);

    private static TestKafka kafka;
    private static Map<String, String> settings;
    private static KafkaProducer<byte[], byte[]> producer;
    private static int topics;

    private final SealCounts counts = new SealCounts();
    private final String topic = topic();

    @BeforeAll
    static void start(TestKafka kafka) {
        KeyRingIT.kafka = kafka;
        settings = kafka.settings();
        var bytes = new ByteArraySerializer();
        producer = new KafkaProducer<>(Map.copyOf(settings), bytes, bytes);
    }

    private static String topic() {
        var all =
                new Topics(
                        kafka.prefix("t" + ++topics),
                        2,
                        (short) -1,
                        Duration.ofDays(7),
                        Duration.ofDays(1),
                        Duration.ofDays(90));
        try (var admin = Admin.create(Map.copyOf(settings))) {
            new TopicProvisioner(admin, all, LONG).ensure(List.of(all.events(), all.keys()));
        }
        return all.keys().name();
    }

    @AfterAll
    static void close() {
        producer.close();
    }

    private KeyRing ring(int keysMax) {
        return ring(Streams.MASTERS, keysMax);
    }

    private KeyRing ring(MasterKeys masters, int keysMax) {
        return KeyRing.start(settings, topic, masters, InstantSource.system(), counts, keysMax);
    }

    private static StreamId mint(Instant time) {
        return StreamId.mint(InstantSource.fixed(time), RANDOM, RANDOM.nextInt(2));
    }

    private StreamId written(Instant time) throws Exception {
        var id = mint(time);
        send(
                Streams.MASTERS
                        .wrap(DataKey.of(id, RANDOM), time.toEpochMilli(), RANDOM)
                        .record(topic));
        return id;
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get();
    }

    @Test
    void findsAKeyThatWasThereBeforeAndOneThatCameSince() throws Exception {
        var before = written(Instant.now());
        try (var ring = ring(100)) {
            var since = written(Instant.now());

            assertThat(ring.find(before)).isInstanceOf(Found.Key.class);
            assertThat(ring.find(since)).isInstanceOf(Found.Key.class);
        }
    }

    @Test
    void looksUpWhatItHasNoRoomFor() throws Exception {
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < 30; i++) {
            ids.add(written(Instant.now()));
        }
        try (var ring = ring(3)) {
            for (var id : ids) {
                assertThat(ring.find(id)).isInstanceOf(Found.Key.class);
            }
            assertThat(counts.lookups()).isPositive();
        }
    }

    @Test
    void findsAKeyOfLongAgoThatIsNotAmongThoseItBeganWith() throws Exception {
        var old = written(Instant.now().minus(Duration.ofDays(3)));
        for (int i = 0; i < 20; i++) {
            written(Instant.now().minus(Duration.ofDays(2)));
        }
        try (var ring = ring(100)) {
            assertThat(ring.find(old)).isInstanceOf(Found.Key.class);
            assertThat(counts.lookups()).isEqualTo(1);
        }
    }

    @Test
    void aDeletionTakesEffectAtOnceAndAfterARestart() throws Exception {
        var id = written(Instant.now());
        try (var ring = ring(100)) {
            assertThat(ring.find(id)).isInstanceOf(Found.Key.class);

            send(WrappedKey.deletion(topic, id));

            await().atMost(LONG).untilAsserted(() -> assertThat(ring.find(id)).isEqualTo(NO_KEY));
            assertThat(ring.isDeleted(id)).isTrue();
        }
        try (var again = ring(100)) {
            assertThat(again.find(id)).isEqualTo(NO_KEY);
        }
    }

    @Test
    void aStreamWithoutAKeyHasNoneUntilOneIsWritten() throws Exception {
        written(Instant.now());
        try (var ring = ring(100)) {
            var id = mint(Instant.now());
            assertThat(ring.find(id)).isEqualTo(NO_KEY);

            send(Streams.MASTERS.wrap(DataKey.of(id, RANDOM), 1, RANDOM).record(topic));

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(ring.find(id)).isInstanceOf(Found.Key.class));
        }
    }

    @Test
    void oldKeysOpenAfterARotationAndNoneWithoutTheirMaster() throws Exception {
        var id = written(Instant.now());

        try (var rotated = ring(Streams.masters("m2", "m1", "m2"), 100);
                var without = ring(Streams.masters("m2", "m2"), 100)) {
            assertThat(rotated.find(id)).isInstanceOf(Found.Key.class);
            assertThat(without.find(id)).isEqualTo(new Found.Missing(Unreadable.WRONG_MASTER_KEY));
        }
    }
}
