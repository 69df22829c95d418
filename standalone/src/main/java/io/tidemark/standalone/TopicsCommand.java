package io.tidemark.standalone;

import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.NotAllowedException;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.TopicManagement;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.standalone.settings.InvalidSettingsException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Creates the topics that are missing and checks those that are there; of the results, those that
 * count.
 */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "Creates the topics that are missing, checks those that are there, and prints them"
                        + " with their number of partitions; of the results, those that count."
                        + " What is done with them topics.management says.")
final class TopicsCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--add-partitions",
            paramLabel = "COUNT",
            description =
                    "gives every topic so many partitions, the projector's own among them; streams"
                            + " that there are stay where they are (docs/kafka.md says what follows)")
    private @Nullable Integer partitions;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            var settings = options.load(parent.host().environment());
            var roles = new Roles(settings, Roles.bootstrapServers(settings));
            roles.requireRights(KafkaRole.TOPICS, operations(roles));
            print(ensure(roles));
            return ExitCode.OK;
        } catch (InvalidSettingsException e) {
            return refuse(e, ExitCode.USAGE);
        } catch (NotAllowedException
                | TopicRefusedException
                | KafkaException
                | MalformedRecordException e) {
            return refuse(e, ExitCode.SOFTWARE);
        }
    }

    /* What is done this time: who only checks need not be allowed to change anything. */
    private Set<AclOperation> operations(Roles roles) {
        var operations = EnumSet.of(AclOperation.READ);
        if (roles.topics().management() == TopicManagement.MANAGE) {
            operations.add(AclOperation.ALTER_CONFIGS);
        }
        if (partitions != null) {
            operations.add(AclOperation.ALTER);
        }
        return operations;
    }

    private Map<String, Integer> ensure(Roles roles) {
        var topics = roles.topics();
        try (var admin = Admin.create(Map.<String, Object>copyOf(roles.kafkaProperties()))) {
            /* What is there has to be known before it can be asked which results count. */
            new TopicProvisioner(admin, topics, TIMEOUT)
                    .ensure(List.of(topics.events(), topics.generations()));
            var now = GenerationReader.counting(roles.kafkaProperties(), topics);
            var provisioner = new TopicProvisioner(admin, now, TIMEOUT);
            if (partitions != null) {
                grow(provisioner, partitions);
            }
            return provisioner.ensure(now.all());
        }
    }

    private void grow(TopicProvisioner provisioner, int wanted) {
        if (wanted < 1 || wanted > StreamId.PARTITION_MAX + 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--add-partitions must be 1 to %d, was %d"
                            .formatted(StreamId.PARTITION_MAX + 1, wanted));
        }
        provisioner
                .grow(wanted)
                .forEach((name, had) ->
                        spec.commandLine()
                                .getErr()
                                .printf("%s had %d partitions and has %d%n", name, had, wanted));
    }

    private void print(Map<String, Integer> partitions) {
        new TreeMap<>(partitions)
                .forEach((name, count) ->
                        spec.commandLine().getOut().printf("%-32s %5d partitions%n", name, count));
    }

    private int refuse(RuntimeException e, int exitCode) {
        spec.commandLine().getErr().println("tidemark: " + e.getMessage());
        return exitCode;
    }
}
