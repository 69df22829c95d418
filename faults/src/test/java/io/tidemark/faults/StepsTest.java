package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.faults.Target.Role;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

class StepsTest {
    private static final Layout THREE = Layout.withBrokers(3);

    @Test
    void eachBrokerLeadsEverythingWhenItIsKilledAndWhenItIsCutOff() {
        var faults = Plan.BROKERS.steps(THREE).faults();

        for (int i = 0; i < faults.size(); i += 2) {
            assertThat(faults.get(i)).isEqualTo(new Fault.Led(faults.get(i + 1).target()));
        }
        assertThat(targetsOf("broker killed", faults)).isEqualTo(all(Role.BROKER));
        assertThat(faults.getLast())
                .isEqualTo(new Fault.Cut(new Target(Role.BROKER, 0), Duration.ofMinutes(1)));
    }

    @Test
    void everyProcessOfEveryRoleIsRestartedOnceReadersBeforeWriters() {
        var faults = Plan.ROLLING.steps(THREE).faults();

        assertThat(faults).allMatch(Fault.Restarted.class::isInstance);
        assertThat(new HashSet<>(faults)).hasSameSizeAs(faults);
        assertThat(faults.stream().map(it -> it.target().role()).distinct())
                .containsExactly(Role.BROKER, Role.PROJECTOR, Role.WORKER, Role.EDGE);
        for (var role : List.of(Role.BROKER, Role.PROJECTOR, Role.WORKER, Role.EDGE)) {
            assertThat(targetsOf(role.label() + " restarted", faults)).isEqualTo(all(role));
        }
    }

    @Test
    void streamsOfARollingUpgradeAreShorterThanWorkersDrain() {
        var longest = Plan.ROLLING.longest(Duration.ofMinutes(5)).plus(StreamShape.THINKS_MAX);

        assertThat(longest).isLessThan(Duration.ofSeconds(30));
    }

    private static List<Target> targetsOf(String kind, List<Fault> faults) {
        return faults.stream().filter(it -> it.kind().equals(kind)).map(Fault::target).toList();
    }

    private static List<Target> all(Role role) {
        return IntStream.range(0, THREE.count(role)).mapToObj(it -> new Target(role, it)).toList();
    }
}
