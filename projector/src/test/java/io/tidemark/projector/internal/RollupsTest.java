package io.tidemark.projector.internal;

import static io.tidemark.projector.internal.TopologyFixture.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Counting;
import io.tidemark.projector.SampleRows;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.Histogram;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What becomes of ledger rows, one rule of section 8.6 each. */
final class RollupsTest {
    private static final long AT = NOW.toEpochMilli();
    private static final long MINUTE = RollupKey.minuteOf(AT);
    private static final Duration RETENTION = TopologyFixture.TOPICS.resultRetention();
    private static final Duration SWEEPS = ResultKeeper.SWEEP_INTERVAL.plusSeconds(1);
    private static final String KEY = "[\"2027-01-15T08:01:00Z\",null,\"openai\",\"gpt-5\"]";

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology =
            new TopologyFixture(SampleRows.PRICES, Stores::inMemoryKeyValueStore);

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void countAStreamOnceWhenItHasEnded() {
        topology.append(stream.records(0, stream.last() - 1));
        assertThat(topology.latestRollups()).isEmpty();

        topology.append(stream.record(stream.last(), 1));

        assertThat(topology.latestRollups()).containsOnlyKeys(KEY);
        assertThat(topology.rolledUp(Counting.APART)).isOne();
    }

    @Test
    void sayWhatTheRowSays() {
        topology.append(stream.records());

        assertThat(topology.latestRollups().get(KEY))
                .returns(MINUTE, Rollup::minute)
                .returns(1L, Rollup::requests)
                .returns(Map.of("completed", 1L), Rollup::statuses)
                .returns(Map.of("stop", 1L), Rollup::finishReasons)
                .returns(
                        Map.of(
                                "input", BigDecimal.valueOf(7),
                                "output", BigDecimal.valueOf(20),
                                "total", BigDecimal.valueOf(27)),
                        Rollup::usage)
                .returns(Map.of("USD", SampleRows.costOf(7, 20)), Rollup::costs)
                .returns(0L, Rollup::withoutCost)
                .returns(Histogram.of(60), Rollup::timeToFirstTokenMs)
                .returns(Histogram.of(600_000 / 19), Rollup::timePerOutputTokenUs);
    }

    @Test
    void countNothingForDuplicatesAndSecondEnds() {
        topology.append(stream.records()).append(stream.records(3, stream.last()));
        topology.append(stream.record(stream.last(), 1));

        assertThat(topology.latestRollups().get(KEY)).returns(1L, Rollup::requests);
    }

    @Test
    void addTheStreamsOfAMinute() {
        topology.append(stream.records())
                .append(SampleStream.of(0, 2, 20).records())
                .append(SampleStream.of(0, 3, 20).records());

        assertThat(topology.latestRollups())
                .hasSize(1)
                .hasEntrySatisfying(KEY, it -> assertThat(it.requests()).isEqualTo(3));
    }

    @Test
    void divideMinutesByTheTimeOfTheLogToTheMillisecond() {
        topology.append(stream.records(0, stream.last() - 1))
                .append(stream.record(stream.last(), 1), MINUTE + 59_999);
        var next = SampleStream.of(0, 2, 20);
        topology.append(next.records(0, next.last() - 1))
                .append(next.record(next.last(), 1), MINUTE + 60_000);

        assertThat(topology.rollupRecords())
                .extracting(record -> record.getRecordTime().toEpochMilli())
                .containsExactly(MINUTE, MINUTE + 60_000);
    }

    @Test
    void countCancelledStreams() {
        var cancelled = SampleStream.of(0, 2, 20);
        var end =
                new Completed(
                        Outcome.CANCELLED,
                        FinishReason.DISCONNECTED.wire(),
                        null,
                        null,
                        null,
                        null,
                        null);
        var event =
                new StreamEvent(
                        cancelled.id(), cancelled.last(), cancelled.at(), Placement.NONE, end);
        topology.append(stream.records())
                .append(cancelled.records(0, cancelled.last() - 1))
                .append(EventRecord.of(SampleStream.EVENTS, event, new Attempt(0, 1), null));

        assertThat(topology.latestRollups().get(KEY))
                .returns(Map.of("completed", 1L, "cancelled", 1L), Rollup::statuses)
                .returns(Map.of("stop", 1L, "disconnected", 1L), Rollup::finishReasons)
                .returns(Map.of("provider", 1L, "none", 1L), Rollup::provenance)
                .returns(1L, Rollup::withoutCost);
    }

    @Test
    void addWhatComesFromOtherPartitions() {
        topology.append(stream.records());
        var row = SampleRows.row(SampleStream.of(7, 2, 1).id(), null, "gpt-5");
        var key = RollupKey.of(row, AT);

        topology.appendRollup(key, Rollup.of(key, row), AT);

        assertThat(topology.latestRollups().get(KEY))
                .returns(2L, Rollup::requests)
                .returns(1L, Rollup::withoutCost);
    }

    @Test
    void tellTenantsProvidersAndModelsApart() {
        append(1, "acme", "gpt-5", AT);
        append(2, "acme", "gpt-6", AT);
        append(3, "other", "gpt-5", AT);
        append(4, "acme", "gpt-5", AT);

        assertThat(topology.latestRollups().values())
                .extracting(Rollup::tenant, Rollup::model, Rollup::requests)
                .containsExactlyInAnyOrder(
                        tuple("acme", "gpt-5", 2L),
                        tuple("acme", "gpt-6", 1L),
                        tuple("other", "gpt-5", 1L));
    }

    @Test
    void tellNoMoreApartThanIsBoundedAndLoseNothing() {
        int rows = 2 * RollupKeys.KEYS_MAX + 10;
        for (int number = 0; number < rows; number++) {
            append(number, "tenant-" + number % 1_500, "model-" + number, AT);
        }
        append(rows, "tenant-0", "model-0", AT);
        append(rows + 1, "tenant-0", "new", AT + 60_000);

        var latest = topology.latestRollups();
        var ofMinute = latest.values().stream().filter(it -> it.minute() == MINUTE).toList();
        assertThat(ofMinute).hasSize(2 * RollupKeys.KEYS_MAX + 1);
        assertThat(ofMinute.stream().mapToLong(Rollup::requests).sum()).isEqualTo(rows + 1L);
        assertThat(ofMinute.stream().filter(it -> it.model().equals(RollupKey.OTHER)))
                .hasSize(RollupKeys.KEYS_MAX + 1);
        assertThat(ofMinute)
                .filteredOn(it -> RollupKey.OTHER.equals(it.tenant()))
                .singleElement()
                .returns(RollupKey.OTHER, Rollup::provider)
                .returns(10L, Rollup::requests);
        assertThat(ofMinute)
                .filteredOn(it -> it.model().equals("model-0"))
                .singleElement()
                .returns(2L, Rollup::requests);
        assertThat(latest.values()).extracting(Rollup::model).contains("new");
        assertThat(topology.rolledUp(Counting.TOGETHER)).isEqualTo(RollupKeys.KEYS_MAX + 10);
    }

    @Test
    void tellNothingApartOfAMinuteThatIsLongOverInItsPartition() {
        append(1, "acme", "gpt-5", AT);
        append(2, "acme", "gpt-5", AT - Duration.ofMinutes(60).toMillis());
        append(3, "acme", "gpt-5", AT - Duration.ofMinutes(61).toMillis());

        assertThat(topology.latestRollups().values())
                .extracting(Rollup::model)
                .containsExactlyInAnyOrder("gpt-5", "gpt-5", RollupKey.OTHER);
    }

    @Test
    void rememberWhatIsToldApartForAnHourOfTheLog() {
        append(1, "acme", "gpt-5", AT);
        append(2, "acme", "gpt-5", AT + Duration.ofMinutes(60).toMillis());
        topology.sleep(SWEEPS);
        assertThat(topology.entries(ProjectorStores.ROLLUP_KEYS)).isEqualTo(4);

        append(3, "acme", "gpt-5", AT + Duration.ofMinutes(61).toMillis());
        topology.sleep(SWEEPS);
        assertThat(topology.entries(ProjectorStores.ROLLUP_KEYS)).isEqualTo(4);
    }

    @Test
    void areForgottenWithTheirTopic() {
        append(1, "acme", "gpt-5", AT);
        topology.sleep(RETENTION.plus(Duration.ofMinutes(2)));
        assertThat(topology.entries(ProjectorStores.ROLLUPS)).isOne();

        append(2, "acme", "gpt-5", AT + RETENTION.plus(Duration.ofMinutes(1)).toMillis());
        topology.sleep(SWEEPS);

        assertThat(topology.entries(ProjectorStores.ROLLUPS)).isOne();
        assertThat(topology.count(ProjectorMetrics.ROLLUPS_EXPIRED)).isOne();
    }

    @Test
    void countNoRowOfAMinuteThatIsForgotten() {
        append(1, "acme", "gpt-5", AT);
        topology.sleep(RETENTION.plus(Duration.ofMinutes(2)));
        append(2, "acme", "gpt-5", AT + RETENTION.plus(Duration.ofMinutes(1)).toMillis());
        topology.sleep(SWEEPS);
        assertThat(topology.rollupRecords()).hasSize(2);

        append(3, "acme", "gpt-5", AT);

        assertThat(topology.rollupRecords()).isEmpty();
        assertThat(topology.rolledUp(Counting.LATE)).isOne();
    }

    /* As from a broker whose clock was ahead for a moment. */
    @Test
    void areNotForgottenForATimeThatHasNotCome() {
        append(1, "acme", "gpt-5", AT);
        append(2, "acme", "gpt-5", AT + RETENTION.multipliedBy(3).toMillis());
        topology.sleep(SWEEPS);

        assertThat(topology.entries(ProjectorStores.ROLLUPS)).isEqualTo(2);
        append(3, "acme", "gpt-5", AT);
        assertThat(topology.rolledUp(Counting.LATE)).isZero();
    }

    @Test
    void passByWhatIsNoLedgerRowOfThePartition() {
        var row = SampleRows.row(stream.id(), "acme", "gpt-5");
        var elsewhere = SampleRows.row(SampleStream.of(3, 1, 1).id(), "acme", "gpt-5");
        topology.appendRow(null, ResponseCodec.encode(row), AT);
        topology.appendRow(stream.id().key(), null, AT);
        topology.appendRow(stream.id().key(), "{}".getBytes(UTF_8), AT);
        topology.appendRow(elsewhere.requestId().key(), ResponseCodec.encode(row), AT);
        topology.appendRow(elsewhere.requestId().key(), ResponseCodec.encode(elsewhere), AT);

        assertThat(topology.rolledUp(Counting.FOREIGN)).isEqualTo(5);
        assertThat(topology.rollupRecords()).isEmpty();
    }

    @Test
    void areTheSameInWhateverOrderPartitionsAreRead() {
        var rows =
                List.of(
                        SampleRows.row(SampleStream.of(1, 1, 1).id(), null, "gpt-5"),
                        SampleRows.row(SampleStream.of(2, 2, 1).id(), null, "gpt-5")
                                .withCost(SampleRows.cost("0.1")),
                        SampleRows.row(SampleStream.of(3, 3, 1).id(), null, "gpt-5")
                                .withCost(SampleRows.cost("0.2")));
        for (var order : List.of(List.of(0, 1, 2), List.of(2, 0, 1), List.of(1, 2, 0))) {
            try (var another = new TopologyFixture()) {
                order.forEach(index -> {
                    var row = rows.get(index);
                    another.appendRollup(keyOf(row), rollupOf(row), AT);
                });

                assertThat(another.rollupRecords().getLast().value()).isEqualTo(sumOf(rows));
            }
        }
    }

    private static RollupKey keyOf(UsageRow row) {
        return RollupKey.of(row, AT);
    }

    private static Rollup rollupOf(UsageRow row) {
        return Rollup.of(keyOf(row), row);
    }

    private static byte[] sumOf(List<UsageRow> rows) {
        return RollupCodec.encode(
                rows.stream().map(RollupsTest::rollupOf).reduce(Rollup::plus).orElseThrow());
    }

    private void append(int number, String tenant, String model, long at) {
        var row = SampleRows.row(SampleStream.of(0, number, 1).id(), tenant, model);
        topology.appendRow(row.requestId().key(), ResponseCodec.encode(row), at);
    }
}
