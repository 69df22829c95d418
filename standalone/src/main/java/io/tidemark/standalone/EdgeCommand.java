package io.tidemark.standalone;

import io.tidemark.standalone.settings.EdgeKeys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs an edge alone. */
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        description = "Serves the HTTP API and resumable event streams.")
final class EdgeCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        return roles.edge(
                        stack,
                        Providers.of(settings),
                        settings.get(EdgeKeys.PROJECTOR_URL),
                        settings.get(EdgeKeys.PORT))
                .toString();
    }
}
