package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.MarkedStream;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.Erasure;

import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

final class EraserTest {
    private static final Duration EVENTS_KEPT = TopologyFixture.TOPICS.eventRetention();
    private static final Duration ERASURES_KEPT = TopologyFixture.TOPICS.erasureRetention();

    private final MarkedStream stream = MarkedStream.of(0, 1, "zebra");
    private final MarkedStream other = MarkedStream.of(0, 2, "gnu");
    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void givesTheRowThatThereWouldHaveBeenWheneverItComes() {
        var without = rowAfter(it -> it.append(stream.records()));

        assertThat(rowAfter(it -> it.erase(stream.id()).append(stream.records())))
                .isEqualTo(without);
        assertThat(rowAfter(it -> it.append(stream.records()).erase(stream.id())))
                .isEqualTo(without);
        for (int at = 0; at < stream.last(); at++) {
            int upTo = at;
            assertThat(
                            rowAfter(it ->
                                    it.append(stream.records(0, upTo))
                                            .erase(stream.id())
                                            .append(stream.records(upTo + 1, stream.last()))))
                    .as("erased behind sequence " + at)
                    .isEqualTo(without);
        }
    }

    private static Row rowAfter(Consumer<TopologyFixture> events) {
        try (var fresh = new TopologyFixture()) {
            events.accept(fresh);
            var rows = fresh.usageRecords();
            assertThat(rows).hasSize(1);
            return Row.of(rows.getFirst());
        }
    }

    /** A row without the time at which the log took its end, which differs in these tests. */
    private record Row(String value, String headers) {
        static Row of(TestRecord<byte[], byte[]> record) {
            return new Row(
                    new String(record.value(), StandardCharsets.UTF_8),
                    record.headers().toString());
        }
    }

    @Test
    void takesTheContentOutOfEveryStore() {
        topology.append(stream.records(0, 9)).append(other.records());

        topology.erase(stream.id()).erase(other.id());

        assertThat(StoredText.in(topology)).doesNotContain(stream.marker(), other.marker());
        topology.append(stream.records(10, stream.last()));
        assertThat(StoredText.in(topology)).doesNotContain(stream.marker(), other.marker());
    }

    @Test
    void leavesOtherStreamsAlone() {
        topology.append(stream.records(0, 9)).append(other.records(0, 9)).erase(stream.id());

        topology.append(other.records(10, other.last()));

        assertThat(StoredText.in(topology)).contains(other.marker());
        assertThat(topology.responses()).hasSize(1);
    }

    @Test
    void deletesTheResponseOfAStreamThatHasEnded() {
        topology.append(stream.records()).erase(stream.id());

        assertThat(topology.responseRecords())
                .extracting(record -> record.value() == null)
                .containsExactly(false, true);
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    @Test
    void givesNoResponseAfterwards() {
        topology.append(stream.records(0, 9))
                .erase(stream.id())
                .append(stream.records(10, stream.last()));

        assertThat(topology.responseRecords()).extracting(TestRecord::value).containsOnlyNulls();
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    @Test
    void doesNotTakeBackAResponseThatComesLate() {
        topology.append(stream.records());
        var response = topology.responseRecords().getFirst();
        topology.erase(stream.id());

        topology.appendResult(response.key(), response.value());

        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    @Test
    void doesNotForgetAnOpenStreamWhenItsDeletionComesBack() {
        topology.append(stream.records(0, 9)).erase(stream.id());

        topology.appendResult(stream.id().key(), null);
        topology.append(stream.records(10, stream.last()));

        assertThat(topology.usage()).hasSize(1);
    }

    @Test
    void givesNoSecondRowForASecondEnd() {
        topology.append(stream.records()).erase(stream.id());

        topology.append(stream.records()).append(stream.fence(2)).append(stream.records());

        assertThat(topology.usage()).hasSize(1);
        assertThat(topology.refused(Refusal.HEADLESS)).isZero();
    }

    @Test
    void givesNoSecondRowForAStreamThatWasErasedOnTheWay() {
        topology.append(stream.records(0, 9)).erase(stream.id());
        topology.append(stream.records(10, stream.last()));

        topology.append(stream.records()).erase(stream.id()).append(stream.records());

        assertThat(topology.usage()).hasSize(1);
    }

    @Test
    void isTheSameTwice() {
        topology.append(stream.records(0, 9)).erase(stream.id()).erase(stream.id());
        topology.append(stream.records(10, stream.last())).erase(stream.id());

        assertThat(topology.usage()).hasSize(1);
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();
        assertThat(topology.count(ProjectorMetrics.ERASURES)).isEqualTo(3);
    }

    @Test
    void ofAnUnknownStreamIsRemembered() {
        topology.erase(stream.id());

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.entries(ProjectorStores.ERASURES)).isOne();
        assertThat(topology.usage()).isEmpty();
    }

    @Test
    void countsAStreamAsOpenUntilItsEnd() {
        topology.append(stream.records(0, 9)).erase(stream.id());
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isOne();

        topology.append(stream.records(10, stream.last()));
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();

        topology.append(other.records()).erase(other.id());
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();
    }

    @Test
    void remembersThatARowIsOutForAsLongAsTheLogMayHoldTheStream() {
        topology.append(stream.records()).erase(stream.id());
        assertThat(topology.knows(stream.id())).isTrue();

        topology.append(other.record(0, 1), after(EVENTS_KEPT.plusHours(1)));
        topology.sleep(EVENTS_KEPT.plusHours(1));

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.count(ProjectorMetrics.ABANDONED)).isZero();
    }

    @Test
    void doesNotMakeAnOldLogLookYoung() {
        topology.append(stream.records(0, 9));
        topology.sleep(EVENTS_KEPT.multipliedBy(3));

        topology.erase(other.id(), TopologyFixture.NOW.plus(EVENTS_KEPT.multipliedBy(3)));
        topology.sleep(ResultKeeper.SWEEP_INTERVAL.multipliedBy(3));

        assertThat(topology.knows(stream.id())).isTrue();
    }

    @Test
    void forgetsAnErasureWhenThereCanBeNoCopy() {
        topology.erase(stream.id());

        topology.sleep(ERASURES_KEPT.minusHours(1));
        assertThat(topology.entries(ProjectorStores.ERASURES)).isOne();

        topology.sleep(Duration.ofHours(2));
        assertThat(topology.entries(ProjectorStores.ERASURES)).isZero();
    }

    @Test
    void keepsALateErasureOfAnOldStream() {
        topology.erase(stream.id(), TopologyFixture.NOW.plus(ERASURES_KEPT));

        topology.sleep(ERASURES_KEPT.plusHours(1));

        assertThat(topology.entries(ProjectorStores.ERASURES)).isOne();
    }

    @Test
    void passesByForeignErasures() {
        var value = new Erasure(stream.id(), 1, null).record("erasures").value();
        topology.appendErasure(stream.id().key(), null);
        topology.appendErasure(null, value);
        topology.appendErasure(other.id().key(), value);
        topology.appendErasure(stream.id().key(), "{}".getBytes(StandardCharsets.UTF_8));
        topology.appendErasure(
                MarkedStream.of(7, 1, "yak").id().key(),
                new Erasure(MarkedStream.of(7, 1, "yak").id(), 1, null).record("erasures").value());

        assertThat(topology.refused(Refusal.FOREIGN)).isEqualTo(5);
        assertThat(topology.entries(ProjectorStores.ERASURES)).isZero();
        topology.append(stream.records());
        assertThat(topology.responses()).hasSize(1);
    }

    @Test
    void isNotUndoneByARecordWithoutAValue() {
        topology.append(stream.records()).erase(stream.id());

        topology.appendErasure(stream.id().key(), null);

        assertThat(topology.entries(ProjectorStores.ERASURES)).isOne();
    }

    @Test
    void doesNotHeedWhatWasRestoredAndIsNoErasure() {
        topology.store(ProjectorStores.ERASURES)
                .put(stream.id().key(), "{}".getBytes(StandardCharsets.UTF_8));

        topology.append(stream.records());

        assertThat(topology.responses()).hasSize(1);
    }

    @Test
    void writesSomethingNowAndThenSoThatSegmentsEnd() {
        topology.sleep(ResultKeeper.SWEEP_INTERVAL);
        topology.sleep(Eraser.NUDGE_INTERVAL.multipliedBy(2));
        assertThat(topology.responseRecords()).isEmpty();
        topology.append(stream.records(0, 9)).erase(stream.id());
        assertThat(topology.responseRecords()).hasSize(1);

        topology.sleep(Eraser.NUDGE_INTERVAL.plus(ResultKeeper.SWEEP_INTERVAL.multipliedBy(2)));

        assertThat(topology.responseRecords())
                .isNotEmpty()
                .allSatisfy(record -> {
                    assertThat(record.key()).isEqualTo(stream.id().key());
                    assertThat(record.value()).isNull();
                    assertThat(record.timestamp())
                            .isGreaterThan(TopologyFixture.NOW.toEpochMilli());
                });
        topology.append(stream.records(10, stream.last()));
        assertThat(topology.usage()).hasSize(1);
    }

    @Test
    void wakesWhoWaitsForTheStream() {
        topology.append(stream.records(0, 9));
        try (var waiter = topology.waiters.register(stream.id(), 15).orElseThrow()) {
            topology.erase(stream.id());

            assertThat(waiter.woken()).isTrue();
        }
    }

    private static long after(Duration time) {
        return TopologyFixture.NOW.plus(time).toEpochMilli();
    }

    /** Erasures and responses that come back at any time, for three streams that interleave. */
    @Test
    void givesTheSameRowsInWhateverOrderItIsRead() {
        var seeds = new Random(seed());
        for (int i = 0; i < 40; i++) {
            long seed = seeds.nextLong();
            assertThat(rows(new Random(seed), true))
                    .as("seed " + seed)
                    .isEqualTo(rows(new Random(seed), false));
        }
    }

    private static long seed() {
        var given = System.getProperty("test.seed", "");
        return given.isEmpty() ? new Random().nextInt(1_000_000_000) : Long.parseLong(given);
    }

    private static List<String> rows(Random random, boolean erasing) {
        var streams =
                List.of(
                        MarkedStream.of(0, 1, "zebra"),
                        MarkedStream.of(0, 2, "gnu"),
                        MarkedStream.of(0, 3, "yak"));
        try (var topology = new TopologyFixture()) {
            var next = new long[streams.size()];
            var erased = new HashSet<MarkedStream>();
            long time = TopologyFixture.NOW.toEpochMilli();
            while (!ended(streams, next)) {
                int number = random.nextInt(streams.size());
                var chosen = streams.get(number);
                boolean erase = random.nextInt(12) == 0;
                if (erase) {
                    if (erasing) {
                        topology.erase(chosen.id());
                        erased.add(chosen);
                    }
                } else if (next[number] <= chosen.last()) {
                    topology.append(chosen.record(next[number]++, 1), time++);
                }
            }
            assertNothingLeft(topology, erased);
            return topology.usageRecords().stream()
                    .map(record -> Row.of(record).toString() + record.timestamp())
                    .toList();
        }
    }

    private static boolean ended(List<MarkedStream> streams, long[] next) {
        return IntStream.range(0, next.length).allMatch(i -> next[i] > streams.get(i).last());
    }

    private static void assertNothingLeft(TopologyFixture topology, Set<MarkedStream> erased) {
        var left = StoredText.in(topology);
        var latest = new HashMap<String, byte[]>();
        topology.responseRecords()
                .forEach(record ->
                        latest.put(
                                new String(record.key(), StandardCharsets.UTF_8), record.value()));
        for (var stream : erased) {
            assertThat(left).doesNotContain(stream.marker());
            assertThat(latest).containsEntry(stream.id().toString(), null);
        }
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isEqualTo(3 - erased.size());
    }

    @Test
    void keepsFencesAndGapsInMind() {
        var records =
                List.of(
                        stream.record(0, 1),
                        stream.record(1, 1),
                        stream.fence(2),
                        stream.record(2, 1),
                        stream.record(2, 2),
                        stream.record(9, 2));
        var rest = stream.records(10, stream.last(), 2);
        var without = rowAfter(it -> it.append(records).append(rest));

        for (int at = 0; at <= records.size(); at++) {
            int upTo = at;
            assertThat(
                            rowAfter(it ->
                                    it.append(records.subList(0, upTo))
                                            .erase(stream.id())
                                            .append(records.subList(upTo, records.size()))
                                            .append(rest)))
                    .isEqualTo(without);
        }
    }
}
