package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.SampleRows;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Cost;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import java.time.InstantSource;

final class CostsTest {
    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ProjectorMetrics metrics = new ProjectorMetrics(meters, InstantSource.system());

    @Test
    void standInTheLedgerByTheTimeAtWhichTheLogTookTheEnd() {
        try (var topology = new TopologyFixture(SampleRows.PRICES, Stores::inMemoryKeyValueStore)) {
            topology.append(stream.records());

            long endedAt = TopologyFixture.NOW.plusMillis(stream.last()).toEpochMilli();
            assertThat(topology.usage())
                    .singleElement()
                    .extracting(UsageRow::cost)
                    .returns(SampleRows.costOf(7, 20), Cost::amount)
                    .returns(endedAt, Cost::at);
        }
    }

    @Test
    void areNoneWithoutPrices() {
        try (var topology = new TopologyFixture()) {
            topology.append(stream.records());

            assertThat(topology.usage()).singleElement().returns(null, UsageRow::cost);
        }
        var row = SampleRows.row(stream.id(), null, "gpt-5");
        assertThat(new Costs(PriceTable.NONE, metrics).priced(row, 0)).isSameAs(row);
        assertThat(counted("no_price") + counted("no_figures")).isZero();
    }

    @Test
    void areNoneAndCountedWhereNoPriceFits() {
        var row = SampleRows.row(stream.id(), null, "o3");
        var costs = new Costs(SampleRows.PRICES, metrics);

        assertThat(costs.priced(row, 0)).isSameAs(row);
        assertThat(counted("no_figures")).isOne();
        try (var topology = new TopologyFixture(SampleRows.PRICES, Stores::inMemoryKeyValueStore)) {
            topology.append(stream.records());
            assertThat(priced(topology)).isOne();
        }
    }

    private static double priced(TopologyFixture topology) {
        return topology.meters
                .get(ProjectorMetrics.COSTS)
                .tag(ProjectorMetrics.OUTCOME, "priced")
                .counter()
                .count();
    }

    private double counted(String outcome) {
        return meters.get(ProjectorMetrics.COSTS)
                .tag(ProjectorMetrics.OUTCOME, outcome)
                .counter()
                .count();
    }
}
