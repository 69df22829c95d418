package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The suite in its short form; {@code make faults} runs the long one. */
@HasOwnKafka(because = "its brokers are killed")
class FaultsIT {
    @Test
    void nothingIsLostTwiceOrWrongWhateverIsKilled() throws Exception {
        long seed = FaultsCommand.seed(System.getProperty("faults.seed", ""));
        int brokers = Integer.getInteger("faults.brokers", 1);
        var parent = Path.of(System.getProperty("faults.dir", "target/faults"));

        var report =
                FaultsCommand.run(
                        new RunConfig(
                                Plan.RANDOM,
                                seed,
                                FaultsCommand.duration(System.getProperty("faults.for", "180s")),
                                Integer.getInteger("faults.rate", 3),
                                Layout.withBrokers(brokers),
                                FaultsCommand.kinds(System.getProperty("faults.without", "")),
                                FaultsCommand.directory(parent, seed, brokers)));

        assertThat(report.outcome().problems()).as(report.lines()).isEmpty();
    }
}
