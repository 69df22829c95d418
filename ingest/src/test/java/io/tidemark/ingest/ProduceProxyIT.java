package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.ingest.ProduceProxy.Batch;
import io.tidemark.ingest.ProduceProxy.Fate;
import io.tidemark.ingest.ProduceProxy.Fault;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/** The proxy between clients of Kafka's own and a real broker. */
@RunsOnKafka
class ProduceProxyIT {
    private static TestKafka kafka;
    private static Admin admin;
    private ProduceProxy proxy;
    private String topicName;

    @BeforeAll
    static void start(TestKafka kafka) {
        ProduceProxyIT.kafka = kafka;
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @BeforeEach
    void makeTopic(TestInfo test) throws Exception {
        proxy = ProduceProxy.start(kafka.bootstrapServers());
        topicName = kafka.prefix(test.getTestMethod().orElseThrow().getName());
        admin.createTopics(List.of(new NewTopic(topicName, Optional.of(2), Optional.empty())))
                .all()
                .get();
        /* What is sent once must find the topic and its leaders. */
        var latest =
                Map.of(
                        new TopicPartition(topicName, 0), OffsetSpec.latest(),
                        new TopicPartition(topicName, 1), OffsetSpec.latest());
        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() ->
                        assertThat(admin.listOffsets(latest).all().toCompletionStage())
                                .succeedsWithin(WorkerHarness.PATIENCE));
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    /* What is sent before a flush shares a request. */
    private KafkaProducer<String, String> producer(int retries) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        proxy.bootstrapServers(),
                        "linger.ms",
                        60_000,
                        "delivery.timeout.ms",
                        90_000,
                        "enable.idempotence",
                        retries > 0,
                        "retries",
                        retries),
                new StringSerializer(),
                new StringSerializer());
    }

    private Future<RecordMetadata> send(
            KafkaProducer<String, String> producer, int partition, String value) {
        return producer.send(new ProducerRecord<>(topicName, partition, null, value));
    }

    /** What a partition holds, read at the given address. */
    private List<String> held(String bootstrapServers, int partition) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var place = new TopicPartition(topicName, partition);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            var values = new ArrayList<String>();
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private List<String> held(int partition) {
        return held(kafka.bootstrapServers(), partition);
    }

    private boolean isFirst(Batch batch) {
        return batch.topicName().equals(topicName) && batch.partition() == 0;
    }

    @Test
    void whoComesToItStaysWithIt() throws Exception {
        try (var producer = producer(1)) {
            var sent = send(producer, 0, "through");
            producer.flush();

            assertThat(sent.get().offset()).isZero();
        }

        assertThat(held(proxy.bootstrapServers(), 0)).containsExactly("through");
        proxy.close();
        assertThat(held(0)).containsExactly("through");
        assertThat(proxy.hits()).isZero();
    }

    @Test
    void keepsWhatIsRefusedFromTheBrokerAndNothingElse() throws Exception {
        proxy.befall(
                Fault.every(1, 1, this::isFirst, new Fate.Refused(Errors.NOT_LEADER_OR_FOLLOWER)));

        try (var producer = producer(0)) {
            var refused = send(producer, 0, "refused");
            var taken = send(producer, 1, "taken");
            producer.flush();

            assertThatThrownBy(refused::get).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
            assertThat(taken.get().offset()).isZero();
        }
        assertThat(held(0)).isEmpty();
        assertThat(held(1)).containsExactly("taken");
        assertThat(proxy.hits()).isEqualTo(1);
    }

    @Test
    void deniesWhatTheBrokerHasTaken() throws Exception {
        proxy.befall(Fault.first(1, new Fate.Belied(Errors.NOT_LEADER_OR_FOLLOWER)));

        try (var producer = producer(0)) {
            var denied = send(producer, 0, "taken");
            producer.flush();

            assertThatThrownBy(denied::get).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        }
        assertThat(held(0)).containsExactly("taken");
    }

    @Test
    void endsTheConnectionWhereAnAnswerShouldBe() throws Exception {
        proxy.befall(Fault.first(1, new Fate.Unanswered()));

        try (var producer = producer(10)) {
            var sent = send(producer, 0, "once");
            producer.flush();

            assertThat(sent.get().offset()).isZero();
        }
        assertThat(held(0)).containsExactly("once");
        assertThat(proxy.hits()).isEqualTo(1);
    }

    @Test
    void holdsToTheProducerThatItBefellFirst() throws Exception {
        proxy.befall(
                Fault.untilReplaced(this::isFirst, new Fate.Refused(Errors.UNKNOWN_SERVER_ERROR)));

        try (var first = producer(1);
                var second = producer(1)) {
            var refused = send(first, 0, "first");
            first.flush();
            var taken = send(second, 0, "second");
            second.flush();

            assertThatThrownBy(refused::get).hasMessageContaining("unexpected error");
            assertThat(taken.get().offset()).isZero();
        }
        assertThat(held(0)).containsExactly("second");
    }
}
