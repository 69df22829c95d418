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
        for (var role :
                new String[] {"ingest", "projector", "edge", "topics", "verify", "export"}) {
            var more =
                    role.equals("export")
                            ? new String[] {role, "--topic=usage", "--format=ndjson", "--out=-"}
                            : new String[] {role};
            assertThat(run(more)).as(role).isEqualTo(2);
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

    @Test
    void whatCannotBeReplayedIsRefusedWithWhatWasFoundAndWhatIsAllowed() {
        var id = "01M7WPCSG0002G28T5CY4TQKFF";
        assertThat(run("replay")).isEqualTo(2);
        assertThat(run("replay", "--until", "1h")).isEqualTo(2);
        assertThat(run("replay", "--id", "01abc")).isEqualTo(2);
        assertThat(run("replay", "--id", id, "--since", "1h")).isEqualTo(2);
        assertThat(run("replay", "--since", "yesterday")).isEqualTo(2);
        assertThat(run("replay", "--since", "1h", "--until", "2h")).isEqualTo(2);
        assertThat(run("replay", "--since", "1h", "--print")).isEqualTo(2);
        assertThat(run("replay", "--since", "1h", "--format", "xml")).isEqualTo(2);
        assertThat(run("replay", "--since", "1h", "--streams-told-max", "-1")).isEqualTo(2);
        assertThat(run("replay", "--since", "1h")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("say which streams: --id, or --since")
                .contains("--id", "a stream id has 26 characters, found 5")
                .contains("--id names streams: leave --since and --until out")
                .contains("or how long ago, such as 2h, was 'yesterday'")
                .contains("--since, --until: from must be before to")
                .contains("--print prints what --id names, not a range")
                .contains("'--format': must be one of [text, json]")
                .contains("violationsMax must be at least 0, was -1")
                .contains("kafka.bootstrap-servers must be set");
    }

    @Test
    void whatCannotBeVerifiedIsRefusedWithWhatWasFoundAndWhatIsAllowed() {
        assertThat(run("verify", "--id", "01abc")).isEqualTo(2);
        assertThat(run("verify", "--since", "yesterday")).isEqualTo(2);
        assertThat(run("verify", "--wait", "5")).isEqualTo(2);
        assertThat(run("verify", "--streams-max", "0")).isEqualTo(2);
        assertThat(
                        run(
                                "verify",
                                "--since",
                                "2026-01-02T00:00:00Z",
                                "--until",
                                "2026-01-01T00:00:00Z"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("'--id': a stream id has 26 characters, found 5")
                .contains(
                        "'--since': must be a time such as 2026-11-21T09:00:00Z, or how long ago, such as 2h, was 'yesterday'")
                .contains("'--wait': must be a number and a unit: ms, s, m, h or d, such as 500ms")
                .contains("streamsMax must be at least 1, was 0")
                .contains("from must be before to, was 2026-01-02T00:00:00Z");
    }

    @Test
    void whatCannotBeExportedIsRefusedWithWhatWasFoundAndWhatIsAllowed() {
        assertThat(export("--topic=commands", "--format=csv")).isEqualTo(2);
        assertThat(export("--topic=usage", "--format=csv")).isEqualTo(2);
        assertThat(export("--topic=usage", "--format=ndjson", "--raw", "--latest")).isEqualTo(2);
        assertThat(export("--topic=events", "--format=ndjson", "--latest")).isEqualTo(2);
        assertThat(export("--topic=usage", "--format=ndjson", "--keys-max=0")).isEqualTo(2);
        assertThat(export("--topic=rollups", "--format=ndjson", "--id=01M7WPCSG0002G28T5CY4TQKFF"))
                .isEqualTo(2);
        assertThat(
                        export(
                                "--topic=usage",
                                "--format=ndjson",
                                "--id=01M7WPCSG0002G28T5CY4TQKFF",
                                "--since=2026-01-02T00:00:00Z"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "'--topic': must be one of [events, responses, usage, rollups], was 'commands'")
                .contains("'--format': must be one of [ndjson, parquet], was 'csv'")
                .contains("--raw keeps every record, --latest one of each key: choose")
                .contains(
                        "the latest of each key is for topics with one record per key, not for events")
                .contains("keysMax must be at least 1, was 0")
                .contains("a stream by its id is for topics of streams, not for rollups")
                .contains("--id names one stream: leave --since and --until out");
    }

    private int export(String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of("export", "--out=-"));
        all.addAll(java.util.List.of(arguments));
        all.addAll(java.util.List.of("--set", "kafka.bootstrap-servers=127.0.0.1:1"));
        return run(all.toArray(String[]::new));
    }

    @Test
    void anAuditThatBreaksOffHasFoundNoViolations() {
        assertThat(verifyWith(new IllegalStateException("broken"))).isEqualTo(2);
        assertThat(verifyWith(new StackOverflowError("broken"))).isEqualTo(2);
        assertThat(err.toString()).contains("broken");
    }

    private int verifyWith(Throwable broken) {
        return run(new BrokenHost(broken), "verify");
    }

    private record BrokenHost(Throwable broken) implements Host {
        @Override
        public Map<String, String> environment() {
            switch (broken) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalArgumentException(broken);
            }
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            throw new UnsupportedOperationException("verify runs to its end");
        }
    }

    private int run(String... arguments) {
        return run(new FakeHost(), arguments);
    }

    private int run(Host host, String... arguments) {
        return Tidemark.commandLine(host)
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
