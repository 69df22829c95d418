package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.projector.SampleStream;

import org.junit.jupiter.api.Test;

final class CommitWatchTest {
    private final CommitWatch watch = new CommitWatch();

    @Test
    void countsOneWhenWhatCameLastIsWritten() {
        watch.put(key(1));
        watch.put(key(2));

        watch.written(key(2));
        watch.written(key(1));

        assertThat(watch.commits()).isOne();
    }

    @Test
    void countsNoneWhenOnlyWhatIsOldIsWritten() {
        watch.put(key(1));
        watch.put(key(2));

        watch.written(key(1));

        assertThat(watch.commits()).isZero();
    }

    @Test
    void countsNoneForWhatIsDeleted() {
        watch.written(key(1));

        assertThat(watch.commits()).isZero();
    }

    /* A driver commits behind each record; without a watch all events would be one piece. */
    @Test
    void isToldByTheStoresOfTheTopology() {
        var stream = SampleStream.of(0, 1, 30);
        try (var topology = new TopologyFixture()) {
            topology.append(stream.records(0, 29));

            byte[] stored = topology.store(ProjectorStores.PROGRESS).get(stream.id().key());
            assertThat(Progress.decode(requireNonNull(stored)).pieces()).isBetween(3, 10);
        }
    }

    private static byte[] key(int number) {
        return Piece.key(SampleStream.of(0, 1, 1).id(), number);
    }
}
