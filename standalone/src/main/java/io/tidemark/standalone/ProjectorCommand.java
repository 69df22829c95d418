package io.tidemark.standalone;

import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs a projector alone. */
@Command(
        name = "projector",
        mixinStandardHelpOptions = true,
        description = "Folds streams to responses and usage, and answers queries for them.")
final class ProjectorCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        var projector = roles.projector(stack, Roles.hostName(), settings.get(Keys.PROJECTOR_PORT));
        Roles.awaitReady(projector);
        return projector.address().toString();
    }
}
