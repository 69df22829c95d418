package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class IntakeTest {
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final long MINTED = TestStreams.CLOCK.millis();

    private final TestLetters letters = new TestLetters();
    private final Intake intake = new Intake(0, SKEW, letters.source());
    private final StreamId id = TestStreams.mint();

    private static ConsumerRecord<byte[], byte[]> record(
            byte[] key, byte @Nullable [] value, long appended) {
        return new ConsumerRecord<>(
                "commands",
                0,
                17,
                appended,
                TimestampType.LOG_APPEND_TIME,
                key.length,
                value == null ? -1 : value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private ConsumerRecord<byte[], byte[]> record(@Nullable String value) {
        return record(
                id.key(), value == null ? null : value.getBytes(StandardCharsets.UTF_8), MINTED);
    }

    private static ConsumerRecord<byte[], byte[]> record(Command command, long appended) {
        var made = CommandCodec.record("commands", command);
        return record(made.key(), made.value(), appended);
    }

    private void assertSetAside(
            ConsumerRecord<byte[], byte[]> record, String reason, @Nullable String field) {
        assertThat(intake.read(record)).isEmpty();
        assertThat(letters.letters(1))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo(reason);
                    assertThat(letter.field()).isEqualTo(field);
                    assertThat(letter.sourceOffset()).isEqualTo(17);
                });
    }

    /* The record is at offset 17. */
    @Test
    void setsAsideADoneRecordOfAClaimThatIsStillToCome() {
        assertThat(intake.read(record(done(16), MINTED))).isPresent();

        assertSetAside(record(done(17), MINTED), "malformed", "epoch");
    }

    @Test
    void setsAsideALeaseOfAClaimThatIsStillToCome() {
        assertThat(intake.read(record(lease(16), MINTED))).isPresent();

        assertSetAside(record(lease(17), MINTED), "malformed", "open");
    }

    private Command done(long epoch) {
        return new Command.Done(id, MINTED, "worker-1", new Attempt(epoch, 1), 3);
    }

    private Command lease(long epoch) {
        var stream = new Command.OpenStream(id, new Attempt(epoch, 1), 3, 2);
        return new Command.Lease(0, MINTED, "worker-1", 6_000L, List.of(stream));
    }

    @Test
    void letsCommandsThrough() {
        var start = TestStreams.start(id);
        var lease = new Command.Lease(0, MINTED, "worker-1", 1000L, List.of());

        assertThat(intake.read(record(start, MINTED))).contains(start);
        assertThat(intake.read(record(lease, MINTED))).contains(lease);
        assertThat(letters.counted()).isZero();
    }

    @Test
    void setsARecordWithoutAValueAside() {
        assertSetAside(record(null), "no_value", null);
    }

    @Test
    void setsWhatIsNoJsonAside() {
        assertSetAside(record("not json"), "malformed", "value");
    }

    @Test
    void setsACommandThatLacksAFieldAside() {
        assertSetAside(record("{\"type\":\"stream.start\"}"), "malformed", "at");
    }

    @Test
    void setsAnUnknownTypeAside() {
        assertSetAside(record("{\"type\":\"stream.new\"}"), "unknown_type", "type");
    }

    @Test
    void setsACommandForAnotherPartitionAside() {
        var elsewhere = new Command.Cancel(StreamId.mint(TestStreams.CLOCK, new Random(1), 9), 0);

        assertSetAside(record(elsewhere, MINTED), "misrouted", "requestId");
    }

    @Test
    void setsACommandUnderAnotherKeyAside() {
        var value = CommandCodec.encode(TestStreams.start(id));

        assertSetAside(record(TestStreams.mint().key(), value, MINTED), "misrouted", "key");
    }

    @Test
    void setsALeaseUnderAnotherKeyAside() {
        var lease = new Command.Lease(0, MINTED, "worker-1", 1000L, List.of());

        assertSetAside(record(id.key(), CommandCodec.encode(lease), MINTED), "misrouted", "key");
    }

    @Test
    void setsAClaimUnderAnotherKeyAside() {
        var claim = new Command.Claim(0, MINTED, "worker-1");

        assertSetAside(record(id.key(), CommandCodec.encode(claim), MINTED), "misrouted", "key");
    }

    @Test
    void setsALeaseOfAnotherPartitionAside() {
        var lease = new Command.Lease(1, MINTED, "worker-1", 1000L, List.of());

        assertSetAside(record(lease, MINTED), "misrouted", "partition");
    }

    @Test
    void setsAStartAsideThatIsAheadOfTheBrokerByMoreThanTheSkew() {
        var start = TestStreams.start(id);

        assertThat(intake.read(record(start, MINTED - SKEW.toMillis()))).contains(start);
        assertSetAside(record(start, MINTED - SKEW.toMillis() - 1), "future", "requestId");
    }

    @Test
    void setsAStartAsideThatSaysItIsFromTheFuture() {
        var old = StreamId.mint(() -> Instant.ofEpochMilli(MINTED - 90_000), new Random(1), 0);

        assertSetAside(
                record(TestStreams.start(old), MINTED - SKEW.toMillis() - 1), "future", "at");
    }

    private Command.Start start(String model, @Nullable String tenant, Map<String, String> labels) {
        var it = TestStreams.start(id);
        return new Command.Start(
                id,
                it.at(),
                it.api(),
                it.provider(),
                model,
                it.request(),
                it.onDisconnect(),
                tenant,
                labels,
                null,
                null);
    }

    /* Its stream would begin with an event that no log takes, and never end. */
    @Test
    void setsAStartAsideOfWhichNoEventCouldTell() {
        var longest =
                start("m".repeat(256), "t".repeat(256), Map.of("k".repeat(64), "v".repeat(512)));
        assertThat(intake.read(record(longest, MINTED))).contains(longest);

        assertSetAside(
                record(start("m".repeat(257), null, Map.of()), MINTED), "malformed", "model");
    }

    @Test
    void setsAStartAsideWhoseTenantIsTooLong() {
        assertSetAside(
                record(start("m", "t".repeat(257), Map.of()), MINTED), "malformed", "tenant");
    }

    @Test
    void setsAStartAsideWhoseLabelsAreTooLong() {
        assertSetAside(
                record(start("m", null, Map.of("k", "v".repeat(513))), MINTED),
                "malformed",
                "metadata");
    }

    @Test
    void takesAnEndThatIsAheadForItsWriterHasDoneItsWork() {
        var done = new Command.Done(id, MINTED + 1_000_000, "worker-1", Attempt.first(0), 3);

        assertThat(intake.read(record(done, MINTED))).contains(done);
    }
}
