package io.tidemark.standalone;

import io.tidemark.standalone.plain.PlainServer;
import io.tidemark.standalone.settings.ProviderKeys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;

/** Runs what benchmarks compare the system with, as a process of its own. */
@Command(
        name = "plain-server",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "Passes a provider's events on from memory, without Kafka; for bench, which starts"
                        + " it itself. The provider is providers.openai.base-url.")
final class PlainServerCommand extends RoleCommand {
    @Override
    String start(Settings settings, ShutdownStack stack) {
        var provider = settings.get(ProviderKeys.baseUrl("openai"));
        return stack.push("plain server", PlainServer.start(provider)).address().toString();
    }
}
