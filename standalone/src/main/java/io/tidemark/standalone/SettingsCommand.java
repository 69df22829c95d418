package io.tidemark.standalone;

import io.tidemark.standalone.settings.EncryptionKeys;
import io.tidemark.standalone.settings.Key;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.ProviderKeys;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Lists every setting there is. */
@Command(
        name = "settings",
        mixinStandardHelpOptions = true,
        description = "Lists every setting, its default and its environment variable.")
final class SettingsCommand implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Keys.fixed().forEach(this::print);
        ProviderKeys.ofProvider("<name>").forEach(this::print);
        print(ProviderKeys.header("<name>", "<header>"));
        Keys.ofRoute("<name>").forEach(this::print);
        Keys.ofTenant("<name>").forEach(this::print);
        EncryptionKeys.ofMasterKey("<id>").forEach(this::print);
        spec.commandLine().getOut().println("kafka.<property>  any setting of Kafka's clients");
        return ExitCode.OK;
    }

    private void print(Key<?> key) {
        spec.commandLine()
                .getOut()
                .printf(
                        "%-36s %s [%s; %s]%n",
                        key.name(),
                        key.help(),
                        key.fallback() == null ? "no default" : "default " + key.fallback(),
                        key.variable());
    }
}
