package io.tidemark.standalone;

import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

import java.net.URI;

/** Runs the provider simulator alone. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description = "Speaks a provider's API on the wire, with authored answers and faults.")
final class SimulatorCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        var simulator = Roles.simulator(settings, stack, settings.get(Keys.SIMULATOR_PORT));
        return URI.create(simulator.baseUrl()).resolve("/").toString().replaceAll("/$", "");
    }
}
