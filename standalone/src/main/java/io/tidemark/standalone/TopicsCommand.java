package io.tidemark.standalone;

import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.standalone.settings.InvalidSettingsException;

import org.apache.kafka.clients.admin.Admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Creates the topics that are missing and checks those that are there. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "Creates the topics that are missing, checks those that are there, and prints them"
                        + " with their number of partitions.")
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
        } catch (TopicRefusedException e) {
            return refuse(e, ExitCode.SOFTWARE);
        }
    }

    private static Map<String, Integer> ensure(Roles roles) {
        var topics = roles.topics();
        try (var admin = Admin.create(Map.<String, Object>copyOf(roles.kafkaProperties()))) {
            return new TopicProvisioner(admin, topics, TIMEOUT).ensure(topics.all());
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
