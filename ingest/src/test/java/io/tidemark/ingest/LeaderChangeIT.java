package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Partitions get other leaders while their streams are written. */
@HasOwnKafka(because = "it needs two, whose leaders move")
class LeaderChangeIT {
    private static final int BROKERS = 2;

    private static final int MOVES = 4;

    /** Streams that begin before each move; those before them may run as well. */
    private static final int STREAMS = 3;

    /* A token every 10 ms for 3 s. */
    private static final String TOKENS = "300";
    private static final String[] LONG = {"sim_token_ms", "10", "sim_tokens", TOKENS};

    private static EmbeddedKafka kafka;
    private static ProviderSimulator simulator;
    private static Admin admin;

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory).withBrokers(BROKERS));
        simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        simulator.close();
        kafka.close();
    }

    @Test
    void streamsGoOnUnbrokenWhileLeadersMoveToAndFro() throws Exception {
        try (var harness = new WorkerHarness(kafka.bootstrapServers(), "moving", BROKERS)) {
            harness.start(simulator.baseUrl());
            var text = harness.ended(harness.ask("sim-long", "sim_tokens", TOKENS)).text();
            var ids = new ArrayList<StreamId>();

            for (int move = 0; move < MOVES; move++) {
                for (int i = 0; i < STREAMS; i++) {
                    ids.add(harness.ask("sim-long", LONG));
                }
                ids.forEach(id -> harness.reached(id, 5));
                lead(1 + move % BROKERS, harness.topics().events(), harness.topics().commands());
            }

            for (var id : ids) {
                var log = harness.ended(id).whole();
                assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
                assertThat(log.text()).isEqualTo(text);
                assertThat(log.refusals()).isEmpty();
            }
            assertThat(harness.counted(IngestMetrics.STREAMS_BROKEN)).isZero();
            harness.awaitAllCommitted();
        }
    }

    /** Makes one broker the leader of all partitions, and waits until it is. */
    private static void lead(int broker, Topic... topics) throws Exception {
        var other = BROKERS + 1 - broker;
        var order = new NewPartitionReassignment(List.of(broker, other));
        var replicas = new HashMap<TopicPartition, Optional<NewPartitionReassignment>>();
        for (var topic : topics) {
            for (int partition = 0; partition < WorkerHarness.PARTITIONS; partition++) {
                replicas.put(new TopicPartition(topic.name(), partition), Optional.of(order));
            }
        }
        admin.alterPartitionReassignments(replicas).all().get();
        admin.electLeaders(ElectionType.PREFERRED, replicas.keySet()).partitions().get();
        await().atMost(WorkerHarness.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(leaders(topics)).containsOnly(broker));
    }

    private static List<Integer> leaders(Topic... topics)
            throws ExecutionException, InterruptedException {
        var names = List.of(topics).stream().map(Topic::name).toList();
        var leaders = new ArrayList<Integer>();
        for (var topic : admin.describeTopics(names).allTopicNames().get().values()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                leaders.add(partition.leader() == null ? -1 : partition.leader().id());
            }
        }
        return leaders;
    }
}
