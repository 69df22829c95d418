package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command.Presence;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

class PresenceWriterTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(7_000));
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final int READERS_MAX = 4;
    private static final Duration GOODBYE_MAX = Duration.ofSeconds(1);
    private static final int MANY = 20 * PresenceWriter.WRITES_MAX;

    private final Random random = new Random(3);
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final CommandWriter commands =
            new CommandWriter(this::producer, "commands", Duration.ofSeconds(10));
    private final StreamId id = mint();
    private long now = 100;
    private boolean unreachable;
    private int leaderless = -1;
    private int slow = -1;
    private final CompletableFuture<RecordMetadata> acknowledgement = new CompletableFuture<>();
    private final PresenceWriter writer =
            new PresenceWriter(
                    commands, "edge-1", INTERVAL, READERS_MAX, GOODBYE_MAX, CLOCK, () -> now);

    private MockProducer<byte[], byte[]> producer() {
        if (unreachable) {
            throw new KafkaException("no resolvable bootstrap urls");
        }
        producers.add(new Producing());
        return producers.getLast();
    }

    /** A producer that knows no leader of one partition, and waits for the broker of another. */
    private final class Producing extends MockProducer<byte[], byte[]> {
        Producing() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (Objects.equals(record.partition(), leaderless)) {
                throw new TimeoutException("no leader");
            }
            if (Objects.equals(record.partition(), slow)) {
                return acknowledgement;
            }
            return super.send(record, callback);
        }
    }

    private StreamId mint() {
        return StreamId.mint(CLOCK, random, 0);
    }

    @AfterEach
    void close() {
        writer.close();
        commands.close();
    }

    private void pass(Duration time) {
        now += time.toNanos();
        writer.turn().join();
    }

    /** The numbers of readers that were told, in order. */
    private List<Integer> said() {
        return words().stream().map(Presence::readers).toList();
    }

    private List<Presence> words() {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .map(record -> (Presence) CommandCodec.decode(record.value()))
                .toList();
    }

    @Test
    void aStreamThatIsReadIsToldOfForThreeIntervalsInEachInterval() throws Exception {
        writer.came(id);
        writer.learnt(id, true);

        pass(SETTLE);
        pass(INTERVAL.minus(SETTLE).minusNanos(1));
        assertThat(words()).containsExactly(new Presence(id, 7_000, "edge-1", 1, 30_000L));

        pass(Duration.ofNanos(1));
        assertThat(said()).containsExactly(1, 1);
    }

    @Test
    void theLastWordOnAStreamIsThatNobodyReadsIt() throws Exception {
        writer.came(id);
        pass(SETTLE);

        writer.left(id);
        pass(SETTLE);
        pass(INTERVAL);

        assertThat(words()).last().isEqualTo(new Presence(id, 7_000, "edge-1", 0, null));
        assertThat(said()).containsExactly(1, 0);
        assertThat(writer.size()).isZero();
    }

    @Test
    void aStreamThatGoesOnUnreadIsNotToldOf() throws Exception {
        writer.came(id);
        writer.learnt(id, false);
        pass(SETTLE);
        pass(INTERVAL);
        writer.left(id);
        pass(SETTLE);

        assertThat(said()).isEmpty();
        assertThat(writer.size()).isZero();
    }

    @Test
    void aStreamThatMayMatterIsToldOfUntilItIsKnown() throws Exception {
        writer.came(id);
        pass(SETTLE);
        pass(INTERVAL);
        assertThat(said()).containsExactly(1, 1);

        writer.learnt(id, false);
        pass(INTERVAL);
        writer.left(id);
        pass(INTERVAL);

        assertThat(said()).containsExactly(1, 1);
        assertThat(writer.size()).isZero();
    }

    @Test
    void howeverOftenReadersComeAndGoThereIsOneWordInATurn() throws Exception {
        for (int i = 0; i < 10; i++) {
            writer.came(id);
            writer.left(id);
            now += SETTLE.dividedBy(10).toNanos();
        }
        writer.turn().join();
        writer.turn().join();

        assertThat(said()).as("somebody was here, and is not").containsExactly(0);
    }

    @Test
    void aReaderThatComesBackWithinATurnWasNotAway() throws Exception {
        writer.came(id);
        pass(SETTLE);
        writer.left(id);
        writer.came(id);
        pass(SETTLE);

        assertThat(said()).containsExactly(1);
    }

    @Test
    void oneOfSeveralReadersIsNotMissed() throws Exception {
        writer.came(id);
        writer.came(id);
        pass(SETTLE);
        writer.left(id);
        pass(SETTLE);
        assertThat(said()).containsExactly(2);

        pass(INTERVAL);
        assertThat(said()).containsExactly(2, 1);
    }

    @Test
    void aStreamThatHasEndedIsForgottenWithoutAWord() throws Exception {
        writer.came(id);
        pass(SETTLE);
        writer.ended(id);
        writer.left(id);
        pass(INTERVAL);

        assertThat(said()).containsExactly(1);
        assertThat(writer.size()).isZero();
    }

    @Test
    void aReaderThatOutlivesAnEndedStreamTakesNobodyWithIt() throws Exception {
        writer.came(id);
        writer.came(id);
        writer.ended(id);
        writer.came(id);

        writer.left(id);
        writer.left(id);
        pass(SETTLE);

        assertThat(writer.size()).isZero();
    }

    @Test
    void whatKafkaDoesNotTakeIsSaidAgain() throws Exception {
        writer.came(id);
        producers.getFirst().sendException = new KafkaException("fatal state");
        pass(SETTLE);
        assertThat(said()).isEmpty();

        writer.turn().join();

        assertThat(said()).containsExactly(1);
    }

    @Test
    void aProducerThatCannotBeMadeEndsNoTurn() throws Exception {
        writer.came(id);
        producers.getFirst().sendException = new KafkaException("fatal state");
        unreachable = true;
        pass(SETTLE);
        assertThat(said()).isEmpty();

        unreachable = false;
        writer.turn().join();
        writer.turn().join();

        assertThat(said()).containsExactly(1);
    }

    @Test
    void aPartitionThatTakesNoWordsKeepsNobodyElsesWaiting() throws Exception {
        leaderless = 1;
        try (var large =
                new PresenceWriter(
                        commands, "edge-1", INTERVAL, MANY, GOODBYE_MAX, CLOCK, () -> now)) {
            for (int i = 0; i < MANY; i++) {
                large.came(StreamId.mint(CLOCK, random, leaderless));
            }
            large.came(id);
            now += SETTLE.toNanos();
            large.turn().join();
        }

        assertThat(words()).extracting(Presence::requestId).containsExactly(id);
    }

    @Test
    void aPartitionWhoseWordsAreOnTheirWayHoldsUpNoLaterTurn() {
        slow = 1;
        writer.came(StreamId.mint(CLOCK, random, slow));
        now += SETTLE.toNanos();
        var held = writer.turn();

        writer.came(id);
        pass(SETTLE);
        pass(INTERVAL);

        assertThat(held).isNotDone();
        assertThat(words()).extracting(Presence::requestId).containsExactly(id, id);
        acknowledgement.complete(
                new RecordMetadata(new TopicPartition("commands", slow), 0, 0, 0, 0, 0));
        assertThat(held).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void goodbyesThatKafkaDoesNotTakeAreForgottenBeforeReaders() throws Exception {
        for (int i = 0; i < 2 * READERS_MAX; i++) {
            var gone = mint();
            writer.came(gone);
            writer.left(gone);
        }
        assertThat(writer.size()).isEqualTo(2 * READERS_MAX);

        writer.came(id);

        assertThat(writer.size()).isEqualTo(1);
        pass(SETTLE);
        assertThat(said()).containsExactly(1);
    }

    @Test
    void anEdgeThatStopsSaysGoodbyeForAllItsReaders() {
        var started =
                PresenceWriter.start(
                        commands,
                        "edge-2",
                        Duration.ofMinutes(5),
                        READERS_MAX,
                        Duration.ofMinutes(1),
                        CLOCK);
        started.came(id);
        var ordinary = mint();
        started.came(ordinary);
        started.learnt(ordinary, false);

        started.close();

        assertThat(words()).containsExactly(new Presence(id, 7_000, "edge-2", 0, null));
    }
}
