package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The model of ownership, fencing and readers under {@code docs/model}, checked by SPIN. */
class ModelIT {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
    private static final int CHECK_MINUTES_MAX = 10;

    @TempDir private Path outputs;

    @Test
    void theModelHoldsAndEveryMutationOfItFails() throws Exception {
        boolean possible = Stream.of("spin", "gcc").allMatch(ModelIT::installed);
        if (!possible) {
            System.out.println("SKIPPED: ModelIT needs SPIN: apt-get install spin gcc");
        }
        assumeTrue(possible, "no SPIN");
        var output = outputs.resolve("check.txt").toFile();

        var check =
                new ProcessBuilder(ROOT.resolve("docs/model/check").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output)
                        .start();
        boolean over = check.waitFor(CHECK_MINUTES_MAX, TimeUnit.MINUTES);
        check.destroy();

        var lines = Files.readString(output.toPath());
        System.out.println(lines);
        assertThat(over).as("the check ended in time").isTrue();
        assertThat(check.exitValue()).as(lines).isZero();
    }

    private static boolean installed(String tool) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, tool))
                .anyMatch(Files::isExecutable);
    }
}
