package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

class TidemarkTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutARoleItSaysWhatThereIs() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("say which role to run", "standalone", "demo", "edge");
    }

    @Test
    void aRoleThatNeedsKafkaSaysSo() {
        for (var role : new String[] {"ingest", "projector", "edge", "topics"}) {
            assertThat(run(role)).as(role).isEqualTo(2);
        }
        assertThat(err.toString()).contains("kafka.bootstrap-servers must be set");
    }

    @Test
    void settingsThatCannotBeUsedAreAllNamed() {
        assertThat(run("standalone", "--set", "edge.prot=1", "--set", "edge.port=x")).isEqualTo(2);
        assertThat(err.toString())
                .contains("tidemark: --set: unknown setting edge.prot, did you mean edge.port?")
                .contains("tidemark: --set: edge.port must be a whole number");
    }

    @Test
    void everySettingIsListed() {
        assertThat(run("settings")).isZero();
        assertThat(out.toString())
                .contains("kafka.bootstrap-servers", "TIDEMARK_EDGE_PORT")
                .contains("providers.<name>.api-key");
    }

    private int run(String... arguments) {
        return Tidemark.commandLine(new FakeHost())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static final class FakeHost implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }
}
