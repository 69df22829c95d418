package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.ingest.internal.LeaseKeeper.Vouched;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

class LeaseKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<MockProducer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
    private final LeaseKeeper leases =
            new LeaseKeeper(
                    new LogProducer(this::make, new IngestMetrics(new SimpleMeterRegistry())),
                    TestStreams.COMMANDS,
                    "worker-1",
                    IngestTimings.defaults(),
                    TestStreams.CLOCK);
    private final StreamId id = TestStreams.mint();
    private final OpenStream stream = new OpenStream(id, Attempt.first(3), 7, 100);

    private Producer<byte[], byte[]> make() {
        made.add(
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer()));
        return made.getLast();
    }

    private Vouched vouched() {
        var vouched = leases.vouch(0);
        vouched.add(id, () -> stream);
        return vouched;
    }

    @Test
    void namesWhatIsVouchedForAndNothingElse() {
        var vouched = vouched();
        assertThat(vouched.lease().map(Lease::open)).hasValue(List.of(stream));

        vouched.remove(id);
        assertThat(vouched.lease()).isEmpty();

        vouched.tellTime(true);
        assertThat(vouched.lease().map(Lease::open)).hasValue(List.of());
    }

    @Test
    void triesTheLastLeaseAgainWhileThereIsTime() {
        var last = List.of(vouched());
        var written = CompletableFuture.supplyAsync(() -> leases.writeNow(last, PATIENCE));

        await().atMost(PATIENCE)
                .until(() -> made.getFirst().errorNext(new TimeoutException("late")));

        await().atMost(PATIENCE).until(() -> made.size() > 1 && made.getLast().completeNext());
        assertThat(written).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void tellsThatTheLastLeaseWasNotWritten() {
        assertThat(leases.writeNow(List.of(vouched()), Duration.ofMillis(10))).isFalse();
    }

    @Test
    void waitsForNothingWhereNothingIsVouchedFor() {
        assertThat(leases.writeNow(List.of(leases.vouch(0)), PATIENCE)).isTrue();
        assertThat(made.getFirst().history()).isEmpty();
    }
}
