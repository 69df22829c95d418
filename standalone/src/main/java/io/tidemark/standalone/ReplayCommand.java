package io.tidemark.standalone;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.Replay;
import io.tidemark.auditor.ReplayConfig;
import io.tidemark.auditor.ReplayListener;
import io.tidemark.auditor.ReplaySummary;
import io.tidemark.auditor.ReplayedStream;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.NotAllowedException;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Reader;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Folds streams again and compares them with what was published; see {@code docs/replay.md}. Exit
 * codes: 0 all equal, 1 differences, 2 could not be compared.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = ExitCode.USAGE,
        description = {
            "Folds streams again from the events and compares them with what was published.",
            "Exit codes: 0 all equal, 1 differences, 2 could not be compared."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int COULD_NOT_BE_COMPARED = ExitCode.USAGE;

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Converters.Id.class,
            description = "this stream; may be given more than once")
    private final Set<StreamId> ids = new LinkedHashSet<>();

    @Mixin private final RangeOptions range = new RangeOptions();

    @Option(
            names = "--print",
            description =
                    "with --id: the folded responses, one a line, on standard output; what is told"
                            + " of them goes to standard error then")
    private boolean print;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = FormatConverter.class,
            description = "text, or json: an object a line (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli
    private ReplayReport format;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Converters.Span.class,
            description =
                    "how long the projector may take to publish what has ended; what is missing then"
                            + " is pending (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli
    private Duration waitMax;

    @Option(
            names = "--streams-max",
            paramLabel = "COUNT",
            defaultValue = "" + AuditLimits.STREAMS_MAX_DEFAULT,
            description = "most streams of one partition in the range (${DEFAULT-VALUE})")
    private int streamsMax;

    @Option(
            names = "--streams-told-max",
            paramLabel = "COUNT",
            defaultValue = "" + AuditLimits.VIOLATIONS_MAX_DEFAULT,
            description =
                    "most streams of a range that are told of; further ones are counted"
                            + " (${DEFAULT-VALUE})")
    private int toldMax;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return exitCode(Replay.run(config(), new Printer()));
        } catch (InvalidSettingsException | NotAllowedException | AuditFailedException e) {
            spec.commandLine().getErr().println("tidemark: " + e.getMessage());
            return COULD_NOT_BE_COMPARED;
        } catch (Error e) {
            /* Which would end the process with 1, and that is what differences mean. */
            throw new IllegalStateException("the replay broke off", e);
        }
    }

    private ReplayConfig config() {
        var scope = scope();
        var limits = limits();
        var settings = options.load(parent.host().environment());
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        roles.requireRights(KafkaRole.REPLAY);
        return new ReplayConfig(
                roles.kafkaProperties(),
                roles.topics(),
                ProjectorCommand.group(roles, settings),
                scope,
                print,
                waitMax,
                limits,
                roles.masterKeys());
    }

    private Scope scope() {
        if (!ids.isEmpty()) {
            range.requireNone("--id names streams");
            return new Scope.Several(ids);
        }
        require(range.hasStart(), "say which streams: --id, or --since");
        require(!print, "--print prints what --id names, not a range");
        return range.scope(null);
    }

    private AuditLimits limits() {
        try {
            return AuditLimits.of(streamsMax, toldMax);
        } catch (IllegalArgumentException e) {
            throw misuse("--streams-max, --streams-told-max: " + e.getMessage());
        }
    }

    private void require(boolean fulfilled, String otherwise) {
        if (!fulfilled) {
            throw misuse(otherwise);
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /* Responses alone are on standard output when they are wanted, so that a program can take them. */
    private PrintWriter told() {
        return print ? spec.commandLine().getErr() : spec.commandLine().getOut();
    }

    private final class Printer implements ReplayListener {
        @Override
        public void replayed(ReplayedStream stream) {
            format.lines(stream).forEach(told()::println);
        }

        @Override
        public void folded(byte[] response) {
            spec.commandLine().getOut().println(new String(response, StandardCharsets.UTF_8));
        }
    }

    private int exitCode(ReplaySummary summary) {
        format.lines(summary).forEach(told()::println);
        told().flush();
        if (summary.wrong()) {
            return ExitCode.SOFTWARE;
        }
        boolean unanswered = !ids.isEmpty() && summary.nothingToCompare();
        return summary.unchecked() || unanswered ? COULD_NOT_BE_COMPARED : ExitCode.OK;
    }

    private static final class FormatConverter implements ITypeConverter<ReplayReport> {
        @Override
        public ReplayReport convert(String text) {
            return Converters.readable(() -> Reader.oneOf(ReplayReport.values()).read(text));
        }
    }
}
