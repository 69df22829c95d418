package io.tidemark.standalone;

import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.standalone.settings.InvalidSettingsException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                        + " with their number of partitions; of the results, those that count.")
final class TopicsCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Mixin private final SettingsOptions options = new SettingsOptions();

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
            print(ensure(roles));
            return ExitCode.OK;
        } catch (InvalidSettingsException e) {
            return refuse(e, ExitCode.USAGE);
        } catch (TopicRefusedException | KafkaException | MalformedRecordException e) {
            return refuse(e, ExitCode.SOFTWARE);
        }
    }

    private static Map<String, Integer> ensure(Roles roles) {
        var topics = roles.topics();
        try (var admin = Admin.create(Map.<String, Object>copyOf(roles.kafkaProperties()))) {
            /* What is there has to be known before it can be asked which results count. */
            new TopicProvisioner(admin, topics, TIMEOUT)
                    .ensure(List.of(topics.events(), topics.generations()));
            var now = GenerationReader.counting(roles.kafkaProperties(), topics);
            return new TopicProvisioner(admin, now, TIMEOUT).ensure(now.all());
        }
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
