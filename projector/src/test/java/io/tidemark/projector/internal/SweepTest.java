package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.SampleStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;

final class SweepTest {
    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void goesOnWhereItStoppedAndThenBeginsAnew() {
        var store = topology.store(ProjectorStores.PROGRESS);
        for (int number = 0; number < 5; number++) {
            store.put(SampleStream.of(0, number, 1).id().key(), Progress.NONE.encode());
        }
        var sweep = new Sweep(store, 2);
        var visits = new ArrayList<Integer>();

        for (int run = 0; run < 4; run++) {
            int before = visits.size();
            sweep.run(TopologyFixture.NOW, key -> visits.add(before));
        }

        assertThat(visits).containsExactly(0, 0, 2, 2, 4, 5, 5);
    }

    @Test
    void takesATimeBefore1970ForItsBeginning() {
        var visited = new ArrayList<byte[]>();
        topology.store(ProjectorStores.PROGRESS).put(new byte[] {'1'}, Progress.NONE.encode());

        new Sweep(topology.store(ProjectorStores.PROGRESS), 2)
                .run(Instant.ofEpochMilli(-1), visited::add);

        assertThat(visited).isEmpty();
    }
}
