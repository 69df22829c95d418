package io.tidemark.standalone;

import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs an ingest worker alone. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "Runs a worker that calls providers and writes their streams to Kafka.")
final class IngestCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        /* Before the worker, so that it is closed after it: it says how draining goes, too. */
        var status = roles.status(stack);
        roles.ingest(
                stack, Providers.of(settings), Roles.hostName(), settings.get(Keys.INGEST_DRAIN));
        status.ifPresent(server -> stack.push("readiness", server.ready()));
        return Roles.bootstrapServers(settings);
    }
}
