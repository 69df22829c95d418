package io.tidemark.standalone;

import io.tidemark.export.Destination;
import io.tidemark.export.ExportConfig;
import io.tidemark.export.ExportFailedException;
import io.tidemark.export.ExportFormat;
import io.tidemark.export.ExportLimits;
import io.tidemark.export.ExportTopic;
import io.tidemark.export.Exporter;
import io.tidemark.export.Keep;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.NotAllowedException;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.settings.InvalidSettingsException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Writes what a topic holds to a file; see {@code docs/analysts.md}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes what a topic holds to a file that analysts can open; see docs/analysts.md.",
            "Reads committed records up to the end of the topic as it was when it began. The file"
                    + " appears when it is complete."
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "TOPIC",
            converter = Converters.OfTopic.class,
            description = "events, responses, usage or rollups")
    @SuppressWarnings("NullAway.Init") // picocli
    private ExportTopic topic;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            converter = Converters.OfFormat.class,
            description = "ndjson (values as they stand) or parquet (columns)")
    @SuppressWarnings("NullAway.Init") // picocli
    private ExportFormat format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "file to write, in place of one that is there; - is standard output")
    @SuppressWarnings("NullAway.Init") // picocli
    private String out;

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Converters.Id.class,
            description =
                    "one stream, not for rollups; reads its partition only, from the time in its id")
    private @Nullable StreamId id;

    @Mixin private final RangeOptions range = new RangeOptions();

    @Option(
            names = "--raw",
            description =
                    "every record, also those that readers drop, each with what they make of it")
    private boolean raw;

    @Option(names = "--latest", description = "the last record of each key; not for events")
    private boolean latest;

    @Option(
            names = "--metadata",
            description =
                    "lines of NDJSON begin with where in the log they are; Parquet always has it")
    private boolean metadata;

    @Option(
            names = "--keys-max",
            paramLabel = "COUNT",
            defaultValue = "" + ExportLimits.KEYS_MAX_DEFAULT,
            description =
                    "most streams, or keys with --latest, of one partition remembered at a time"
                            + " (${DEFAULT-VALUE})")
    private int keysMax;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return Interruption.during(this::run);
    }

    private int run() {
        try {
            var summary = new ExportSummary(spec.commandLine().getErr());
            var report = Exporter.run(config(), destination(), summary);
            summary.print(report, out.equals(STANDARD_OUTPUT) ? "standard output" : out);
            return ExitCode.OK;
        } catch (InvalidSettingsException e) {
            return refuse(e, ExitCode.USAGE);
        } catch (NotAllowedException | ExportFailedException e) {
            return Thread.currentThread().isInterrupted()
                    ? Interruption.report(spec)
                    : refuse(e, ExitCode.SOFTWARE);
        }
    }

    private ExportConfig config() {
        var scope = range.scope(id);
        var keep = keep();
        var settings = options.load(parent.host().environment());
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        roles.requireRights(KafkaRole.EXPORT);
        try {
            return new ExportConfig(
                    roles.kafkaProperties(),
                    roles.topics(),
                    topic,
                    format,
                    scope,
                    keep,
                    metadata,
                    ExportLimits.of(keysMax),
                    roles.masterKeys());
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()), e);
        }
    }

    private Keep keep() {
        if (raw && latest) {
            throw misuse("--raw keeps every record, --latest one of each key: choose", null);
        }
        if (raw) {
            return Keep.RAW;
        }
        return latest ? Keep.LATEST : Keep.AS_READ;
    }

    private Destination destination() {
        return out.equals(STANDARD_OUTPUT)
                ? new Destination.Stream(parent.host().standardOutput())
                : new Destination.File(Path.of(out));
    }

    private ParameterException misuse(String message, @Nullable Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    private int refuse(RuntimeException e, int exitCode) {
        spec.commandLine().getErr().println("tidemark: " + e.getMessage());
        return exitCode;
    }
}
