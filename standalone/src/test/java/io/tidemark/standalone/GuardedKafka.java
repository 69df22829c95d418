package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.EmbeddedKafkaSecurity;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.Right;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A Kafka that knows its users, one for each role, by password or by certificate, and allows each
 * what its ACLs say. Confined to the test's thread.
 */
final class GuardedKafka implements AutoCloseable {
    static final String ADMIN = "admin";

    private static final Duration SOON = Duration.ofMinutes(1);

    private final EmbeddedKafka kafka;
    private final Function<String, Map<String, String>> logins;
    private final Path data;
    private final Admin admin;

    /** What a command said. */
    record Said(int exitCode, String out, String err) {}

    private GuardedKafka(
            Path data, EmbeddedKafkaConfig config, Function<String, Map<String, String>> logins) {
        this.data = data;
        this.logins = logins;
        this.kafka = EmbeddedKafka.start(config);
        this.admin = Admin.create(client(ADMIN));
    }

    /** With passwords. */
    static GuardedKafka scram(Path data, int brokers, Map<String, String> brokerProperties) {
        var passwords = new HashMap<String, String>();
        passwords.put(ADMIN, "of-admin");
        Stream.of(KafkaRole.values()).forEach(it -> passwords.put(it.word(), "of-" + it.word()));
        var users = new EmbeddedKafkaSecurity.Scram(ADMIN, passwords);
        var config =
                EmbeddedKafkaConfig.in(data.resolve("kafka"))
                        .withBrokers(brokers)
                        .withSecurity(users);
        for (var property : brokerProperties.entrySet()) {
            config = config.withBrokerProperty(property.getKey(), property.getValue());
        }
        return new GuardedKafka(data, config, users::clientProperties);
    }

    /** With certificates. */
    static GuardedKafka tls(Path data, Certificates certificates) {
        var config =
                EmbeddedKafkaConfig.in(data.resolve("kafka"))
                        .withSecurity(
                                new EmbeddedKafkaSecurity.MutualTls(
                                        certificates.keyStore("broker"),
                                        certificates.trustStore(),
                                        Certificates.PASSWORD,
                                        "broker"));
        return new GuardedKafka(data, config, certificates::clientProperties);
    }

    Admin admin() {
        return admin;
    }

    /** Settings of a client of Kafka's own for a user. */
    Map<String, Object> client(String user) {
        var properties = new HashMap<String, Object>(logins.apply(user));
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    /** What a user is told to set, {@code key=value}. */
    List<String> assignments(String user, String... more) {
        var all = new ArrayList<String>();
        logins.apply(user).forEach((key, value) -> all.add("kafka." + key + "=" + value));
        all.add("kafka.bootstrap-servers=" + kafka.bootstrapServers());
        all.add("data-dir=" + data.resolve(user));
        all.addAll(List.of(more));
        return all;
    }

    Settings settings(String user, String... more) {
        return SettingsLoader.load(null, Map.of(), assignments(user, more));
    }

    /** Runs a command as a user. */
    Said run(String user, List<String> settings, String... command) {
        return execute(assignments(user, settings.toArray(String[]::new)), command);
    }

    /** The same with settings that take the place of the user's own. */
    Said runInstead(String user, List<String> settings, String... command) {
        var keys = settings.stream().map(it -> it.substring(0, it.indexOf('=') + 1)).toList();
        var all = new ArrayList<>(assignments(user));
        all.removeIf(it -> keys.stream().anyMatch(it::startsWith));
        all.addAll(settings);
        return execute(all, command);
    }

    private static Said execute(List<String> assignments, String... command) {
        var arguments = new ArrayList<>(List.of(command));
        assignments.forEach(it -> arguments.addAll(List.of("--set", it)));
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode =
                Tidemark.commandLine(Host.process())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments.toArray(String[]::new));
        return new Said(exitCode, out.toString(), err.toString());
    }

    /** Gives a role's user what the role needs, by the command for that. */
    void allow(KafkaRole role, List<String> settings) {
        var said =
                run(
                        ADMIN,
                        settings,
                        "acls",
                        "--role",
                        role.word(),
                        "--principal",
                        principal(role),
                        "--apply");
        assertThat(said.exitCode()).as(said.err()).isZero();
        Roles.rights(role, settings(ADMIN, settings.toArray(String[]::new)))
                .forEach(right -> awaitAcl(role, right, true));
    }

    /** Gives a role's user one right. */
    void allow(KafkaRole role, Right right) throws Exception {
        admin.createAcls(List.of(right.binding(principal(role)))).all().get();
        awaitAcl(role, right, true);
    }

    /** Takes one right away from a role's user. */
    void deny(KafkaRole role, Right right) throws Exception {
        admin.deleteAcls(List.of(right.binding(principal(role)).toFilter())).all().get();
        awaitAcl(role, right, false);
    }

    private void awaitAcl(KafkaRole role, Right right, boolean there) {
        var filter = right.binding(principal(role)).toFilter();
        await().atMost(SOON)
                .until(() -> admin.describeAcls(filter).values().get().isEmpty() != there);
    }

    /** Takes everything away from a role's user. */
    void denyAll(KafkaRole role) throws Exception {
        var all =
                new AclBindingFilter(
                        ResourcePatternFilter.ANY,
                        new AccessControlEntryFilter(
                                principal(role),
                                null,
                                org.apache.kafka.common.acl.AclOperation.ANY,
                                AclPermissionType.ANY));
        admin.deleteAcls(List.of(all)).all().get();
        await().atMost(SOON).until(() -> admin.describeAcls(all).values().get().isEmpty());
    }

    static String principal(KafkaRole role) {
        return "User:" + role.word();
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
