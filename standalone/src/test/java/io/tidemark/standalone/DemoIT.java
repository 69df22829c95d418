package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

@HasOwnKafka(because = "the command under test starts it")
class DemoIT {
    @Test
    void showsTheMainJobAndAgrees() {
        var out = new StringWriter();

        int exitCode =
                Tidemark.commandLine(new QuietHost())
                        .setOut(new PrintWriter(out, true))
                        .execute("demo");

        assertThat(out.toString()).contains("connection cut", "all agree").doesNotContain("\u2718");
        assertThat(exitCode).isZero();
    }

    private static final class QuietHost implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            throw new AssertionError("a demonstration ends by itself");
        }
    }
}
