package io.tidemark.standalone;

import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs the embedded Kafka alone. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description =
                "Runs one Kafka broker that listens on kafka.bootstrap-servers and keeps its data"
                        + " in data-dir.")
final class KafkaCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        return Roles.kafka(settings, stack).bootstrapServers();
    }
}
