package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
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
    private static final int VALUE_BYTES = 180;
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

    @Test
    void isFoldedInOnePass() {
        var open = openStreams();
        var stream = SampleStream.of(0, 1, 2 * SHORT);
        var progress = Progress.NONE;
        for (long sequence = 0; sequence < stream.length(); sequence++) {
            byte[] json = stream.record(sequence, 1).value();
            progress = open.append(stream.id(), progress, event(sequence, json));
        }
        long before = counts.operations();

        assertThat(open.assemble(stream.id(), progress).response())
                .get()
                .returns(stream.last(), Response::lastSequence);
        assertThat(counts.operations() - before).isEqualTo(progress.pieces() + 1);
    }

    private Cost costOf(int events) {
        long operationsBefore = counts.operations();
        long bytesBefore = counts.bytesWritten();
        var open = openStreams();
        var id = SampleStream.of(0, events, 1).id();
        var progress = Progress.NONE;
        for (long sequence = 0; sequence < events; sequence++) {
            progress = open.append(id, progress, event(sequence, new byte[VALUE_BYTES]));
        }
        assertThat(open.drop(id)).isEqualTo(progress);
        assertThat(open.count().streams()).isZero();
        return new Cost(
                (counts.operations() - operationsBefore) / (double) events,
                (counts.bytesWritten() - bytesBefore) / (double) events);
    }

    private static AcceptedEvent event(long sequence, byte[] json) {
        return new AcceptedEvent(
                new Attempt(0, 1), sequence, false, sequence, sequence * PACE_MS, json);
    }

    private OpenStreams openStreams() {
        return new OpenStreams(
                store(ProjectorStores.PROGRESS), store(ProjectorStores.PIECES), new CommitWatch());
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
