package io.tidemark.standalone;

import io.tidemark.standalone.settings.EdgeKeys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs every role in one process. */
@Command(
        name = "standalone",
        mixinStandardHelpOptions = true,
        description =
                "Runs everything in one process on an embedded Kafka; data is kept in data-dir."
                        + " Without a provider configured, the simulator is the provider.")
final class StandaloneCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        return StandaloneNode.start(settings, stack)
                .addEdge(settings.get(EdgeKeys.PORT))
                .toString();
    }
}
