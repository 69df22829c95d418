package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What works in the foreground and is told to end leaves no process and no file behind. */
@HasOwnKafka(because = "the command under test starts it")
class InterruptionIT {
    @TempDir private Path directory;
    @TempDir private Path elsewhere;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void aBenchmarkEndsWithItsContenders() throws Exception {
        var bench = start("bench", "fanout", "--readers=1", "--rates=1", "--seconds=600");
        awaitThat(bench, () -> bench.descendants().findAny().isPresent());
        var contenders = bench.descendants().toList();

        end(bench);

        assertThat(contenders).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    /* While Kafka starts, and while events come. */
    @ParameterizedTest
    @ValueSource(strings = {"starting Kafka", "connection cut"})
    void aDemonstrationTakesItsDataWithIt(String said) throws Exception {
        var demo = start("demo");
        awaitThat(demo, () -> output().contains(said) && !isEmpty(directory));

        end(demo);

        assertThat(output()).doesNotContain("all agree");
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + directory);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Tidemark.class.getName());
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(elsewhere.resolve("out").toFile())
                        .redirectError(elsewhere.resolve("err").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private static void awaitThat(Process process, Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(20))
                .failFast("it has ended by itself", () -> !process.isAlive())
                .until(condition);
    }

    private void end(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    private String output() throws IOException {
        return Files.readString(elsewhere.resolve("out"));
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (var files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }
}
