package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.ingest.ProduceProxy.Batch;
import io.tidemark.ingest.ProduceProxy.Fate;
import io.tidemark.ingest.ProduceProxy.Fault;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a producer is told of its batches is an error, for a moment or for as long as the producer
 * lives; on topics that are new, or amid streams.
 */
@RunsOnKafka
class ProduceErrorsIT {
    private static final Duration IMPATIENT = Duration.ofSeconds(1);

    private static final int STREAMS = 10;

    /** Batches of each partition that are refused while its leader is not ready. */
    private static final int NOT_READY = 3;

    /** Batches of a partition that pass before its producer is stuck: its streams have begun. */
    private static final int UNDERWAY = 10;

    /* A token every 10 ms for 1 s. */
    private static final String[] SHORT = {"sim_token_ms", "10", "sim_tokens", "100"};

    private static TestKafka kafka;
    private static ProviderSimulator simulator;
    private static String text;
    private static int installations;

    private ProduceProxy proxy;
    private WorkerHarness harness;

    /** How a producer is stuck. */
    enum Stuck {
        OUT_OF_ORDER,
        NOT_LEADER,
        /* The broker has the records, and the producer hears so in no way. */
        NOT_REPLICATED,
        /* No broker says so of what it has taken, as far as is known. */
        TAKEN_OUT_OF_ORDER;

        Fate fate() {
            return switch (this) {
                case OUT_OF_ORDER -> new Fate.Refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
                case NOT_LEADER -> new Fate.Refused(Errors.NOT_LEADER_OR_FOLLOWER);
                case NOT_REPLICATED -> new Fate.Belied(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
                case TAKEN_OUT_OF_ORDER -> new Fate.Belied(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            };
        }
    }

    @BeforeAll
    static void start(TestKafka kafka) {
        ProduceErrorsIT.kafka = kafka;
        simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
        try (var untroubled =
                new WorkerHarness(kafka.bootstrapServers(), kafka.prefix("untroubled"))) {
            untroubled.start(simulator.baseUrl());
            text = untroubled.ended(untroubled.ask("sim-long", SHORT)).whole().text();
        }
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void install() {
        proxy = ProduceProxy.start(kafka.bootstrapServers());
        harness =
                new WorkerHarness(
                        kafka.bootstrapServers(), kafka.prefix("errors" + ++installations));
    }

    @AfterEach
    void close() {
        harness.close();
        proxy.close();
    }

    /* The worker's clients alone go through the proxy. */
    private IngestConfig troubled(IngestConfig config) {
        var settings = new HashMap<>(config.kafka());
        settings.put("bootstrap.servers", proxy.bootstrapServers());
        return new IngestConfig(
                settings,
                config.topics(),
                config.workerId(),
                config.providers(),
                config.routes(),
                config.limits(),
                config.timings(),
                config.masterKeys());
    }

    private IngestConfig impatient(IngestConfig config) {
        var timings = config.timings();
        return troubled(config)
                .withTimings(
                        new IngestTimings(
                                timings.start(),
                                timings.leaseInterval(),
                                timings.commitInterval(),
                                IMPATIENT,
                                timings.drain(),
                                timings.revoke(),
                                timings.session(),
                                timings.clockSkew(),
                                timings.retry(),
                                timings.disconnectGrace()));
    }

    private List<StreamId> ask() {
        return IntStream.range(0, STREAMS).mapToObj(_ -> harness.ask("sim-long", SHORT)).toList();
    }

    /* Events of one partition; the other's streams share the producer. */
    private boolean isStuck(Batch batch) {
        return isEvents(batch) && batch.partition() == 0;
    }

    private boolean isEvents(Batch batch) {
        return batch.topicName().equals(harness.topics().events().name());
    }

    /** Each has all of its text and one end, and a reader was shown nothing to refuse but that. */
    private void assertWhole(List<StreamId> ids, Verdict... refusable) {
        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(log.text()).isEqualTo(text);
            assertThat(log.refusals()).isSubsetOf(refusable);
        }
        harness.awaitAllCommitted();
    }

    private void assertUnbroken() {
        assertThat(proxy.hits()).isPositive();
        assertThat(harness.counted(IngestMetrics.STREAMS_BROKEN)).isZero();
        assertThat(harness.counted(IngestMetrics.PRODUCERS_REPLACED)).isZero();
    }

    private void assertMended() {
        assertThat(proxy.hits()).isPositive();
        assertThat(harness.counted(IngestMetrics.STREAMS_MENDED)).isPositive();
        assertThat(harness.counted(IngestMetrics.PRODUCERS_REPLACED)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NOT_LEADER_OR_FOLLOWER", "OUT_OF_ORDER_SEQUENCE_NUMBER"})
    void newTopicsThatAreNotReadyBreakNothing(Errors error) {
        proxy.befall(Fault.first(NOT_READY, new Fate.Refused(error)));
        harness.start(simulator.baseUrl(), this::troubled);

        var ids = ask();

        assertWhole(ids);
        assertUnbroken();
    }

    @Test
    void connectionsThatEndBehindAnAppendWriteNothingTwice() {
        harness.start(simulator.baseUrl(), this::troubled);
        proxy.befall(Fault.every(10, 5, this::isEvents, new Fate.Unanswered()));

        var ids = ask();

        assertWhole(ids);
        assertUnbroken();
    }

    @ParameterizedTest
    @EnumSource(names = {"OUT_OF_ORDER", "NOT_LEADER"})
    void streamsOutliveAProducerThatIsStuckOnANewTopic(Stuck stuck) {
        proxy.befall(Fault.untilReplaced(this::isStuck, stuck.fate()));
        harness.start(simulator.baseUrl(), this::impatient);

        var ids = ask();

        assertWhole(ids, Verdict.FENCED);
        assertMended();
    }

    @ParameterizedTest
    @EnumSource(names = {"OUT_OF_ORDER", "NOT_REPLICATED", "TAKEN_OUT_OF_ORDER"})
    void streamsOutliveAProducerThatIsStuckOnTheirWay(Stuck stuck) {
        proxy.befall(
                Fault.behind(
                        UNDERWAY, this::isStuck, Fault.untilReplaced(this::isStuck, stuck.fate())));
        harness.start(simulator.baseUrl(), this::impatient);

        var ids = ask();

        assertWhole(ids, Verdict.FENCED, Verdict.DUPLICATE);
        assertMended();
    }

    /* The client begins a new epoch, in which the broker takes the batch for another one. */
    @Test
    void whatIsOutOfOrderAlthoughItWasTakenStandsTwiceAndIsReadOnce() {
        proxy.befall(
                Fault.every(
                        UNDERWAY,
                        1,
                        this::isStuck,
                        new Fate.Belied(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER)));
        harness.start(simulator.baseUrl(), this::troubled);

        var ids = ask();

        assertWhole(ids, Verdict.DUPLICATE);
        assertThat(ids).anyMatch(id -> harness.log(id).refused(Verdict.DUPLICATE) > 0);
        assertUnbroken();
    }
}
