package io.tidemark.standalone;

import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options every command that reads settings has. */
final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with settings; the environment and --set win over it")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting; may be given many times (see: tidemark settings)")
    private final List<String> assignments = new ArrayList<>();

    Settings load(Map<String, String> environment) {
        return SettingsLoader.load(file, environment, assignments);
    }
}
