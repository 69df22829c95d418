package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

class OwnedPartitionTest {
    private static final Duration VALID = Duration.ofSeconds(6);

    private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final StreamServices services =
            TestStreams.services(
                    new Crashing(),
                    new MockProducer<>(
                            true, null, new ByteArraySerializer(), new ByteArraySerializer()));
    private final StreamLauncher launcher = new StreamLauncher(services, loop::add, 10);
    private final StreamId id = TestStreams.mint();
    private final TestLetters letters = new TestLetters();

    /** An API that no stream of it survives. */
    private static final class Crashing implements ProviderApi {
        @Override
        public String name() {
            return "openai.responses";
        }

        @Override
        public Preparation prepare(@Nullable JsonNode request) {
            throw new StackOverflowError("crash");
        }

        @Override
        public ObjectNode translate(NeutralRequest request) {
            throw new AssertionError("nothing is translated here");
        }

        @Override
        public Normaliser normaliser(NormaliserContext context) {
            throw new StackOverflowError("crash");
        }
    }

    private OwnedPartition partition(long from, long end) {
        return new OwnedPartition(
                0,
                from,
                end,
                IngestLimits.defaults(),
                launcher,
                new Intake(0, Duration.ofMinutes(1), letters.source()),
                _ -> {});
    }

    private ConsumerRecord<byte[], byte[]> start(long offset) {
        var record = CommandCodec.record("commands", TestStreams.start(id));
        return new ConsumerRecord<>("commands", 0, offset, record.key(), record.value());
    }

    private static ConsumerRecord<byte[], byte[]> poison(long offset) {
        return new ConsumerRecord<>("commands", 0, offset, new byte[1], new byte[1]);
    }

    private Runnable told() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !loop.isEmpty());
        return loop.remove();
    }

    @Test
    void letsGoOfARunThatFailedAndKeepsItsPlaceInTheLog() {
        var partition = partition(5, 5);
        assertThat(partition.take(start(5))).isTrue();
        assertThat(partition.take(start(6))).isTrue();

        told().run();

        assertThat(partition.runs()).isEmpty();
        assertThat(partition.lease("worker-1", 0, VALID)).isEmpty();
        assertThat(partition.watermark()).isEqualTo(5);
        assertThat(partition.take(start(7))).isTrue();
        assertThat(partition.runs()).isEmpty();
    }

    @Test
    void setsASecondStartAsideWhetherTheFirstIsOpenOrHasEnded() {
        var partition = partition(5, 5);
        assertThat(partition.take(start(5))).isTrue();
        assertThat(partition.take(start(6))).isTrue();
        told().run();
        assertThat(partition.take(start(7))).isTrue();

        assertThat(letters.awaitOffsets(2)).containsExactly(6L, 7L);
        assertThat(letters.reasons()).containsOnly("duplicate");
    }

    @Test
    void setsASecondStartOfTheBacklogAsideAndTakesTheFirstOver() {
        var partition = partition(0, 2);
        assertThat(partition.take(start(0))).isTrue();
        assertThat(partition.take(start(1))).isTrue();
        partition.reached(2);

        assertThat(letters.awaitOffsets(1)).containsExactly(1L);
        assertThat(partition.watermark()).isZero();
    }

    @Test
    void setsNothingAsideOnceThePartitionIsSomebodyElses() {
        var partition = partition(5, 5);
        assertThat(partition.take(start(5))).isTrue();
        partition.depart();

        assertThat(partition.take(poison(6))).isTrue();

        assertThat(letters.counted()).isZero();
    }

    @Test
    void theWatermarkDoesNotPassWhatIsNotSetAsideYet() {
        letters.hold();
        var partition = partition(5, 5);
        partition.reached(5);
        assertThat(partition.take(poison(5))).isTrue();

        assertThat(partition.watermark()).isEqualTo(5);

        letters.acknowledge();
        await().atMost(Duration.ofSeconds(10)).until(() -> partition.watermark() == 6);
    }

    @Test
    void endsTheLoopWhenATakeoverCannotGoOn() {
        var partition = partition(0, 1);
        assertThat(partition.take(start(0))).isTrue();
        partition.reached(1);
        assertThat(partition.paused()).isTrue();

        assertThatThrownBy(told()::run).isInstanceOf(StackOverflowError.class);
    }
}
