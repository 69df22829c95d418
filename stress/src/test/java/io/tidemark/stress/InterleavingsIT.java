package io.tidemark.stress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs jcstress in a process of its own, as it wants to be run, and reads what it found. One
 * configuration of the JVM, compilers and all, rather than each that jcstress knows: what is looked
 * for are orders of calls, not of instructions.
 */
class InterleavingsIT {
    private static final Duration TIME =
            Duration.ofMillis(Long.parseLong(System.getProperty("stress.time", "500")));

    /* It looks at the machine first, and starts a JVM for each test. */
    private static final Duration AROUND_TESTS_MAX = Duration.ofMinutes(4);
    private static final int LOG_BYTES_SHOWN = 32 * 1024;

    @TempDir private Path directory;

    @Test
    void noOrderOfEventsLeadsToWhatIsForbidden() throws Exception {
        var tests = tests();
        var log = directory.resolve("log");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.openjdk.jcstress.Main",
                                "-f",
                                "1",
                                "-fsm",
                                "1",
                                "-iters",
                                "1",
                                "-sc",
                                "false",
                                "-time",
                                Long.toString(TIME.toMillis()),
                                "--jvmArgs",
                                "-XX:+UseParallelGC",
                                "-v",
                                "-r",
                                directory.resolve("report").toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        boolean ended;
        try {
            ended = process.waitFor(TIME.multipliedBy(tests.size()).plus(AROUND_TESTS_MAX));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        var output = end(log);

        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("Failed tests: No matches", "Error tests: No matches")
                .contains(tests.size() + " matching test results");
        output.lines()
                .filter(line -> line.contains("planned"))
                .reduce((_, last) -> last)
                .ifPresent(line -> System.out.println("interleavings of " + tests + ": " + line));
    }

    private static String end(Path log) throws IOException {
        try (var file = Files.newByteChannel(log)) {
            file.position(Math.max(0, file.size() - LOG_BYTES_SHOWN));
            return new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /* What jcstress's processor has found, of which there must be some. */
    private static List<String> tests() throws IOException {
        try (var list = InterleavingsIT.class.getResourceAsStream("/META-INF/TestList")) {
            assertThat(list).isNotNull();
            var names =
                    new String(list.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceAll(".*?([A-Z][a-z]\\w*?Stress).*", "$1"))
                            .toList();
            assertThat(names).hasSizeGreaterThanOrEqualTo(3);
            return names;
        }
    }
}
