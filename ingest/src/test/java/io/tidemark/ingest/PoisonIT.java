package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeadLetter;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Commands that cannot be taken are set aside, and nobody else notices. */
@RunsOnKafka
class PoisonIT {
    private static final String PROMPT = "hunter2";

    private final Random random = new Random(1);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    @BeforeEach
    void listen() {
        logged.start();
        root().addAppender(logged);
    }

    @AfterEach
    void close() {
        harness.close();
        root().detachAppender(logged);
        assertThat(List.copyOf(logged.list))
                .allSatisfy(event -> assertThat(shown(event)).doesNotContain(PROMPT));
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static String shown(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        return event.getFormattedMessage()
                + event.getKeyValuePairs()
                + (thrown == null ? "" : thrown.getMessage());
    }

    private StreamId mint(InstantSource clock, int partition) {
        return StreamId.mint(clock, random, partition);
    }

    private StreamId mint() {
        return mint(InstantSource.system(), 0);
    }

    private void sendTo(int partition, byte[] key, byte @Nullable [] value) {
        harness.send(
                new ProducerRecord<>(harness.topics().commands().name(), partition, key, value));
    }

    private StreamId good(List<StreamId> all) {
        var id = mint();
        all.add(id);
        harness.send(WorkerHarness.startOf(id, "sim-answer"));
        return id;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Every kind on partition 0, a good start after each. */
    private List<StreamId> poison() {
        var good = new ArrayList<StreamId>();
        var first = good(good);
        sendTo(0, first.key(), null);
        good(good);
        sendTo(0, first.key(), bytes(PROMPT + "{"));
        good(good);
        sendTo(0, first.key(), bytes("{\"type\":\"stream.start\",\"request\":\"" + PROMPT + "\"}"));
        good(good);
        sendTo(0, first.key(), bytes("{\"type\":\"stream.new\",\"prompt\":\"" + PROMPT + "\"}"));
        good(good);
        sendTo(0, first.key(), start(mint(InstantSource.system(), 1)));
        good(good);
        sendTo(0, first.key(), start(mint(InstantSource.system(), 7)));
        good(good);
        sendTo(0, mint().key(), start(mint()));
        good(good);
        var future = mint(() -> Instant.now().plusSeconds(3600), 0);
        sendTo(0, future.key(), start(future));
        good(good);
        harness.send(WorkerHarness.startOf(first, "sim-answer"));
        good(good);
        harness.ended(first);
        harness.send(WorkerHarness.startOf(first, "sim-answer"));
        good(good);
        return good;
    }

    private static byte[] start(StreamId id) {
        return CommandCodec.encode(WorkerHarness.startOf(id, "sim-answer"));
    }

    private List<DeadLetter> letters() {
        return harness.setAside().stream().map(DeadLetter::read).toList();
    }

    private void awaitLetters(int count) {
        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() -> assertThat(letters()).hasSize(count));
    }

    private void assertServed(List<StreamId> good) {
        for (var id : good) {
            assertThat(harness.ended(id).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        }
        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() ->
                        assertThat(good).allSatisfy(id -> assertThat(harness.done(id)).hasSize(1)));
    }

    private static void assertEachOnceWithItsReason(List<DeadLetter> letters) {
        assertThat(letters)
                .extracting(DeadLetter::reason, DeadLetter::field)
                .containsExactly(
                        tuple("no_value", null),
                        tuple("malformed", "value"),
                        tuple("malformed", "request"),
                        tuple("unknown_type", "type"),
                        tuple("misrouted", "requestId"),
                        tuple("misrouted", "requestId"),
                        tuple("misrouted", "key"),
                        tuple("future", "requestId"),
                        tuple("duplicate", null),
                        tuple("duplicate", null));
    }

    @Test
    void setsEachKindAsideOnceAndServesWhatComesBetween() {
        var worker = harness.start(simulator.baseUrl());

        var good = poison();

        assertServed(good);
        awaitLetters(10);
        assertEachOnceWithItsReason(letters());
        harness.awaitAllCommitted();
        assertThat(worker.stopped()).isNotDone();
        assertThat(harness.counted(IngestMetrics.DEAD_LETTERS, "outcome", "whole")).isEqualTo(10);
    }

    @Test
    void copiesACommandByteForByteToTheSamePartition() {
        harness.start(simulator.baseUrl());
        var key = mint().key();

        sendTo(1, key, bytes(PROMPT));

        awaitLetters(1);
        var copy = harness.setAside().getFirst();
        assertThat(copy.partition()).isEqualTo(1);
        assertThat(copy.key()).isEqualTo(key);
        assertThat(copy.value()).isEqualTo(bytes(PROMPT));
        assertThat(letters().getFirst().sourceTopic())
                .isEqualTo(harness.topics().commands().name());
        assertThat(letters().getFirst().sourceOffset()).as("behind the claim").isEqualTo(1);
    }

    @Test
    void doublesNothingHoweverOftenAWorkerComesBack() {
        var worker = harness.start(simulator.baseUrl());
        var open = mint();
        harness.send(
                WorkerHarness.startOf(
                        open, "sim-long", "sim_token_ms", "100", "sim_tokens", "5000"));
        harness.reached(open, 3);
        var good = poison();
        assertServed(good);
        awaitLetters(10);

        /* The open stream keeps the watermark before all of them. */
        worker.kill();
        harness.start(simulator.baseUrl());
        harness.ended(open);
        sendTo(0, open.key(), null);

        awaitLetters(11);
        assertThat(harness.counted(IngestMetrics.DEAD_LETTERS, "outcome", "known")).isEqualTo(10);
        assertServed(good);
    }

    @Test
    void setsAsideWhatCameWhileThereWasNoWorker() {
        var first = harness.start(simulator.baseUrl());
        first.close();
        var id = mint();
        harness.send(WorkerHarness.startOf(id, "sim-answer"));
        harness.send(WorkerHarness.startOf(id, "sim-answer"));
        sendTo(0, id.key(), null);

        harness.start(simulator.baseUrl());

        assertServed(List.of(id));
        awaitLetters(2);
        assertThat(letters())
                .extracting(DeadLetter::reason)
                .containsExactly("duplicate", "no_value");
    }

    @Test
    void copiesTheLargestCommandWhole() {
        harness.start(simulator.baseUrl());
        var large = new byte[WorkerHarness.COMMAND_BYTES_MAX - 1024];
        Arrays.fill(large, (byte) ' ');

        sendTo(0, mint().key(), large);

        awaitLetters(1);
        assertThat(harness.setAside().getFirst().value()).isEqualTo(large);
        assertThat(letters().getFirst().valueLeftOut()).isNull();
    }

    @Test
    void goesOnWhenKafkaRefusesThem() {
        var worker = harness.start(simulator.baseUrl());
        harness.delete(harness.topics().deadLetters());
        sendTo(0, mint().key(), bytes(PROMPT));

        var good = new ArrayList<StreamId>();
        good(good);

        assertServed(good);
        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        harness.counted(
                                                IngestMetrics.DEAD_LETTERS, "outcome", "refused"))
                                .isEqualTo(1));
        harness.awaitAllCommitted();
        assertThat(worker.stopped()).isNotDone();
    }
}
