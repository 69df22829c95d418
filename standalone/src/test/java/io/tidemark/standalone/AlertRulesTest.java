package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** Prometheus' own tool takes the alert rules, and each of them fires when it should. */
class AlertRulesTest {
    private static final Path RULES = OperationsDocument.ROOT.resolve("deploy/prometheus");

    @TempDir private Path scratch;

    @BeforeAll
    static void requirePromtool() {
        assumeTrue(
                Shell.has("promtool"),
                "no promtool: the alert rules are NOT checked; it is in Debian's prometheus");
    }

    @Test
    void areRules() throws Exception {
        assertThat(promtool("check rules alerts.yml")).contains("SUCCESS");
    }

    @Test
    void fireWhenTheyShould() throws Exception {
        assertThat(promtool("test rules alerts.test.yml")).contains("SUCCESS");
    }

    private String promtool(String arguments) throws Exception {
        var said = new Shell(RULES, scratch, Map.of()).run("promtool " + arguments);
        return String.join("\n", said.out()) + said.err();
    }
}
