package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Response;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/**
 * What a stream costs in store operations and bytes, and that a long one costs no more per event.
 */
final class LongStreamTest {
    private static final int SHORT = 1_000;
    private static final int LONG = 200_000;
    private static final long PACE_MS = 30;

    private final CountingStores counts = new CountingStores();

    @Test
    void costsTheSamePerEventHoweverLongItIs() {
        var brief = costOf(SHORT);
        var lengthy = costOf(LONG);

        assertThat(lengthy.operationsPerEvent()).isLessThan(4.0);
        assertThat(lengthy.operationsPerEvent()).isLessThan(1.01 * brief.operationsPerEvent());
        assertThat(lengthy.bytesPerEvent()).isLessThan(1.05 * brief.bytesPerEvent());
    }

    private Cost costOf(int deltas) {
        long operationsBefore = counts.operations();
        long bytesBefore = counts.bytesWritten();
        var open = new OpenStreams(store(ProjectorStores.PROGRESS), store(ProjectorStores.PIECES));
        var stream = SampleStream.of(0, deltas, deltas);
        var progress = Progress.NONE;
        for (long sequence = 0; sequence < stream.length(); sequence++) {
            progress = open.append(stream.id(), progress, event(stream, sequence));
        }

        assertThat(open.assemble(stream.id(), progress).response())
                .get()
                .returns(stream.last(), Response::lastSequence);
        assertThat(open.drop(stream.id())).isTrue();
        assertThat(open.count()).isZero();

        double events = stream.length();
        return new Cost(
                (counts.operations() - operationsBefore) / events,
                (counts.bytesWritten() - bytesBefore) / events);
    }

    private static AcceptedEvent event(SampleStream stream, long sequence) {
        boolean terminal = sequence == stream.last();
        byte[] json = stream.record(sequence, 1).value();
        return new AcceptedEvent(1, sequence, terminal, sequence, sequence * PACE_MS, json);
    }

    private KeyValueStore<byte[], byte[]> store(String name) {
        var store =
                Stores.keyValueStoreBuilder(
                                counts.supplier(name), Serdes.ByteArray(), Serdes.ByteArray())
                        .withLoggingDisabled()
                        .withCachingDisabled()
                        .build();
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
        return store;
    }

    private record Cost(double operationsPerEvent, double bytesPerEvent) {}
}
