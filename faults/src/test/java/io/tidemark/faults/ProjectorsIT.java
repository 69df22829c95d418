package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/**
 * Three projectors, killed at random, in a short form; {@code make projectors} runs the long one.
 */
@HasOwnKafka(because = "its broker is a process of the installation")
class ProjectorsIT {
    @Test
    void everyTokenCountsOnceAndNoAnswerIsWrongWhicheverProjectorIsKilled() throws Exception {
        long seed = FaultsCommand.seed(System.getProperty("projectors.seed", ""));
        int brokers = Integer.getInteger("faults.brokers", 1);
        var parent = Path.of(System.getProperty("faults.dir", "target/faults"));

        var report =
                FaultsCommand.run(
                        new RunConfig(
                                Plan.RANDOM,
                                seed,
                                FaultsCommand.duration(System.getProperty("projectors.for", "45s")),
                                Integer.getInteger("faults.rate", 3),
                                Layout.ofProjectors(brokers),
                                FaultsCommand.kinds(""),
                                FaultsCommand.directory(parent, seed, brokers)));

        assertThat(report.outcome().problems()).as(report.lines()).isEmpty();
    }
}
