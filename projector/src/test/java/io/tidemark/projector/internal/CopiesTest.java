package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

final class CopiesTest {
    private final Copies copies = new Copies();

    @Test
    void nothingIsNearBeforeSomebodyHasLooked() {
        assertThat(copies.near(0)).isFalse();
    }

    @Test
    void aPartitionIsNearIfAllItsStoresAre() {
        copies.take(lags(Copies.LAG_MAX));
        assertThat(copies.near(3)).isTrue();
        assertThat(copies.near(2)).isFalse();

        for (var name : lags(0).keySet()) {
            var one = lags(0);
            one.put(name, Map.of(3, Copies.LAG_MAX + 1));
            copies.take(one);
            assertThat(copies.near(3)).as("%s is far", name).isFalse();

            one.remove(name);
            copies.take(one);
            assertThat(copies.near(3)).as("%s is not there", name).isFalse();
        }
    }

    @Test
    void whatCannotBeToldIsNotNear() {
        copies.take(lags(0));
        copies.take(Map.of());

        assertThat(copies.near(3)).isFalse();
    }

    private static Map<String, Map<Integer, Long>> lags(long records) {
        var lags = new HashMap<String, Map<Integer, Long>>();
        for (var name :
                new String[] {
                    ProjectorStores.PROGRESS,
                    ProjectorStores.PIECES,
                    ProjectorStores.RESPONSES,
                    ProjectorStores.STREAMS
                }) {
            lags.put(name, Map.of(3, records));
        }
        return lags;
    }
}
