package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.faults.FaultPlan.Planned;
import io.tidemark.faults.Target.Role;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

class FaultPlanTest {
    private static final Duration LENGTH = Duration.ofMinutes(20);
    private static final Layout THREE = Layout.withBrokers(3);
    private static final Layout PROJECTORS = Layout.ofProjectors(1);

    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void isTheSameForTheSameSeedAndNoOther(int brokers) {
        var layout = Layout.withBrokers(brokers);

        assertThat(FaultPlan.draw(42, LENGTH, layout))
                .isEqualTo(FaultPlan.draw(42, LENGTH, layout));
        assertThat(FaultPlan.draw(43, LENGTH, layout).faults())
                .isNotEqualTo(FaultPlan.draw(42, LENGTH, layout).faults());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void hasEveryKindAndAtLeastFiftyFaultsInTwentyMinutes(long seed) {
        var faults = FaultPlan.draw(seed, LENGTH, THREE).faults();

        assertThat(faults).hasSizeGreaterThan(50);
        assertThat(faults.stream().map(it -> it.fault().kind()).distinct())
                .containsExactlyInAnyOrder(
                        "worker killed",
                        "worker paused",
                        "worker cut off",
                        "worker restarted",
                        "edge killed",
                        "edge paused",
                        "edge reset",
                        "broker killed",
                        "broker restarted",
                        "kafka away",
                        "projector killed",
                        "provider reset",
                        "provider stalled");
        assertThat(faults.stream().map(Planned::at))
                .isSorted()
                .allMatch(at -> at.compareTo(LENGTH) < 0);
    }

    @Test
    void leavesOutWhatItIsTold() {
        var without = Set.of("worker paused", "worker cut off");

        var faults = FaultPlan.draw(1, LENGTH, THREE, without).faults();

        assertThat(faults.stream().map(it -> it.fault().kind()))
                .contains("worker killed")
                .doesNotContainAnyElementsOf(without);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesOneWorkerOneEdgeAndTwoOfThreeBrokersAlone(long seed) {
        var faults = FaultPlan.draw(seed, LENGTH, THREE).faults();

        for (var planned : faults) {
            assertThat(hitAt(faults, Role.WORKER, planned.at())).isLessThan(THREE.workers());
            assertThat(hitAt(faults, Role.EDGE, planned.at())).isLessThan(THREE.edges());
            assertThat(hitAt(faults, Role.BROKER, planned.at())).isLessThan(2);
        }
    }

    private static long hitAt(List<Planned> faults, Role role, Duration at) {
        return faults.stream()
                .filter(it -> it.fault().target().role() == role)
                .filter(it -> it.at().compareTo(at) <= 0)
                .filter(it -> it.at().plus(it.fault().lasts()).compareTo(at) >= 0)
                .map(it -> it.fault().target())
                .distinct()
                .count();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingElseIsWrongWhileKafkaIsAway(long seed) {
        var faults = FaultPlan.draw(seed, LENGTH, THREE).faults();
        var outage =
                faults.stream()
                        .filter(it -> it.fault().kind().equals("kafka away"))
                        .findFirst()
                        .orElseThrow();

        assertThat(outage.fault().lasts()).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
        assertThat(faults.stream().filter(it -> !it.equals(outage)))
                .noneMatch(it ->
                        over(it).compareTo(outage.at()) > 0 && it.at().compareTo(over(outage)) < 0);
    }

    private static Duration over(Planned planned) {
        return planned.at().plus(planned.fault().lasts());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void hitsNothingButProjectorsWhereThereAreSeveralAndLeavesOneAlone(long seed) {
        var faults = FaultPlan.draw(seed, Duration.ofMinutes(5), PROJECTORS).faults();

        assertThat(faults.stream().map(it -> it.fault().kind()).distinct())
                .containsExactlyInAnyOrder(
                        "projector killed",
                        "projector emptied",
                        "projector paused",
                        "projector restarted");
        for (var planned : faults) {
            assertThat(hitAt(faults, Role.PROJECTOR, planned.at()))
                    .isLessThan(PROJECTORS.projectors());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aShortPlanOfProjectorsHasOneThatComesBackWithoutItsData(long seed) {
        var faults = FaultPlan.draw(seed, Duration.ofSeconds(45), PROJECTORS).faults();

        assertThat(faults).hasSizeGreaterThanOrEqualTo(3);
        assertThat(faults.getFirst().fault().kind()).isEqualTo("projector emptied");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void beginsWithAKillOfAWorkerAndQuietAfterIt(long seed) {
        var faults = FaultPlan.draw(seed, Duration.ofMinutes(1), Layout.withBrokers(1)).faults();

        assertThat(faults.getFirst().fault().kind()).isEqualTo("worker killed");
        assertThat(faults.get(1).at())
                .isGreaterThan(faults.getFirst().at().plus(Recoveries.LONGEST));
    }
}
