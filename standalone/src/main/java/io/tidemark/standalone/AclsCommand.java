package io.tidemark.standalone;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.Right;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateAclsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Prints the ACLs that a role needs, or gives them to a principal. */
@Command(
        name = "acls",
        mixinStandardHelpOptions = true,
        description =
                "Prints the least ACLs that a role needs, as commands of kafka-acls.sh, or gives"
                        + " them to its principal. What they are depends on topics.prefix, and on"
                        + " whether there are tenants and master keys.")
final class AclsCommand implements Callable<Integer> {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final String SOME_BROKER = "localhost:9092";

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            converter = RoleWord.class,
            description = "topics, ingest, projector, edge, verify, replay, export or rebuild")
    @SuppressWarnings("NullAway.Init") // picocli
    private KafkaRole role;

    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            required = true,
            description = "who the role is to Kafka, such as User:edge")
    @SuppressWarnings("NullAway.Init") // picocli
    private String principal;

    @Option(
            names = "--apply",
            description =
                    "adds them, as whoever the kafka. settings log in as, who has to be allowed that")
    private boolean apply;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    /** A role by its word. */
    static final class RoleWord implements ITypeConverter<KafkaRole> {
        @Override
        public KafkaRole convert(String value) {
            return KafkaRole.of(value)
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "must be one of "
                                            + Stream.of(KafkaRole.values())
                                                    .map(KafkaRole::word)
                                                    .toList()));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!principal.matches("\\w+:[^'\\\\]+")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--principal must be TYPE:NAME, such as User:edge, was " + principal);
        }
        try {
            var settings = options.load(parent.host().environment());
            var rights = Roles.rights(role, settings);
            if (apply) {
                add(rights, settings);
                rights.forEach(right ->
                        spec.commandLine().getOut().printf("%s may %s%n", principal, right));
            } else {
                lines(rights, principal, settings.find(Keys.BOOTSTRAP_SERVERS).orElse(SOME_BROKER))
                        .forEach(spec.commandLine().getOut()::println);
            }
            return ExitCode.OK;
        } catch (InvalidSettingsException e) {
            return refuse(String.valueOf(e.getMessage()), ExitCode.USAGE);
        } catch (KafkaException | TimeoutException e) {
            return refuse("ACLs were not added: " + e.getMessage(), ExitCode.SOFTWARE);
        } catch (ExecutionException e) {
            return refuse("ACLs were not added: " + e.getCause(), ExitCode.SOFTWARE);
        }
    }

    private void add(List<Right> rights, Settings settings)
            throws InterruptedException, ExecutionException, TimeoutException {
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        try (var admin = Admin.create(Map.<String, Object>copyOf(roles.kafkaProperties()))) {
            var bindings = rights.stream().map(right -> right.binding(principal)).toList();
            int timeoutMs = Math.toIntExact(ANSWER_MAX.toMillis());
            admin.createAcls(bindings, new CreateAclsOptions().timeoutMs(timeoutMs))
                    .all()
                    .get(2L * timeoutMs, TimeUnit.MILLISECONDS);
        }
    }

    /** A command of {@code kafka-acls.sh} for each resource, in the order of the list. */
    static List<String> lines(List<Right> rights, String principal, String servers) {
        return rights.stream()
                .collect(
                        groupingBy(
                                right -> List.of(right.type(), right.name(), right.pattern()),
                                LinkedHashMap::new,
                                toList()))
                .values()
                .stream()
                .map(ofOne -> line(ofOne, principal, servers))
                .toList();
    }

    private static String line(List<Right> ofOneResource, String principal, String servers) {
        var first = ofOneResource.getFirst();
        var operations =
                ofOneResource.stream()
                        .map(right -> " --operation " + word(right.operation()))
                        .collect(joining());
        return "kafka-acls.sh --bootstrap-server %s --add --allow-principal '%s'%s --%s %s%s"
                .formatted(
                        servers,
                        principal,
                        operations,
                        first.type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        first.name(),
                        first.pattern() == PatternType.PREFIXED
                                ? " --resource-pattern-type prefixed"
                                : "");
    }

    /** As Kafka's tool spells it, such as {@code DescribeConfigs}. */
    static String word(AclOperation operation) {
        return Stream.of(operation.name().split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(joining());
    }

    private int refuse(String problem, int exitCode) {
        spec.commandLine().getErr().println("tidemark: " + problem);
        return exitCode;
    }
}
