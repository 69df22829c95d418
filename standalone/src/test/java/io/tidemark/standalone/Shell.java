package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs scripts as somebody in a terminal would.
 *
 * @param directory where they run
 * @param scratch where what they say is kept
 * @param environment what is exported
 */
record Shell(Path directory, Path scratch, Map<String, String> environment) {
    private static final int MINUTES_MAX = 5;

    /** Whether there is such a program. */
    static boolean has(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, program))
                .anyMatch(Files::isExecutable);
    }

    /** What was said, line by line. */
    record Said(List<String> out, String err) {}

    /** Runs a script to its end, which has to be a good one. */
    Said run(String script) throws IOException, InterruptedException {
        var process = start(script);
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).as(script).isTrue();
        } finally {
            end(process);
        }
        assertThat(process.exitValue()).as(script + Files.readString(err())).isZero();
        return new Said(Files.readAllLines(out()), Files.readString(err()));
    }

    /** Starts a script; what it says goes to {@link #out} and {@link #err}. */
    Process start(String script) throws IOException {
        var builder =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                        .directory(directory.toFile())
                        .redirectOutput(out().toFile())
                        .redirectError(err().toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Ends a script and what it has started. */
    static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    Path out() {
        return scratch.resolve("out");
    }

    Path err() {
        return scratch.resolve("err");
    }
}
