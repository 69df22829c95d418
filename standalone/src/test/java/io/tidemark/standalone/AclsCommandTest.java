package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class AclsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Tidemark.commandLine(Host.process())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void printsACommandOfKafkasToolForEachResource() {
        assertThat(
                        run(
                                "acls",
                                "--role",
                                "projector",
                                "--principal",
                                "User:p",
                                "--set",
                                "topics.prefix=chat",
                                "--set",
                                "kafka.bootstrap-servers=b1:9092"))
                .as(err.toString())
                .isZero();

        assertThat(out.toString().lines())
                .contains(
                        "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal 'User:p'"
                                + " --operation Read --operation DescribeConfigs --topic chat.events",
                        "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal 'User:p'"
                                + " --operation Read --group chat-projector --resource-pattern-type prefixed",
                        "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal 'User:p'"
                                + " --operation Write --transactional-id chat-projector- --resource-pattern-type prefixed");
    }

    @Test
    void whatIsNotConfiguredNeedsNoRights() {
        var edge = new String[] {"acls", "--role", "edge", "--principal", "User:e"};
        assertThat(run(edge)).isZero();
        assertThat(out.toString()).doesNotContain("revocations").doesNotContain("tidemark.keys");

        assertThat(
                        run(
                                "acls",
                                "--role",
                                "edge",
                                "--principal",
                                "User:e",
                                "--set",
                                "encryption.master-keys.m1=not-here.key",
                                "--set",
                                "tenants.acme.api-keys=acme-key-0123456789abcdefghijklmnopqrstuvwxyz"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("tidemark.revocations").contains("tidemark.keys");
    }

    @Test
    void whatItDoesNotKnowIsMisuseThatSaysWhatIsAllowed() {
        assertThat(run("acls", "--role", "reader", "--principal", "User:e")).isEqualTo(2);
        assertThat(err.toString())
                .contains("must be one of [topics, ingest, projector, edge, verify, replay");

        assertThat(run("acls", "--role", "edge", "--principal", "it's")).isEqualTo(2);
        assertThat(err.toString()).contains("--principal must be TYPE:NAME");
    }
}
