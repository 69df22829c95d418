package io.tidemark.standalone;

import io.tidemark.auditor.AuditConfig;
import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.AuditReport;
import io.tidemark.auditor.Auditor;
import io.tidemark.auditor.Count;
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

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Audits what the topics hold; see {@code docs/verify.md}. Exit codes: 0 no violation, 1
 * violations, 2 could not be checked.
 */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = ExitCode.USAGE,
        description = {
            "Reads the topics and checks what they hold against docs/protocol.md.",
            "Exit codes: 0 no violation, 1 violations, 2 could not be checked."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int COULD_NOT_BE_CHECKED = ExitCode.USAGE;

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Converters.Id.class,
            description = "one stream; reads its partition only, from the time in its id")
    private @Nullable StreamId id;

    @Mixin private final RangeOptions range = new RangeOptions();

    @Option(
            names = "--closed",
            description =
                    "nothing should be in flight: a stream without an end, an end that no worker"
                            + " has said, and a start without a stream are violations")
    private boolean closed;

    @Option(names = "--json", description = "one JSON document instead of lines")
    private boolean json;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Converters.Span.class,
            description =
                    "how long the projector may take to have read what is audited; what it has not"
                            + " read then is pending, and not checked (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli
    private Duration waitMax;

    @Option(
            names = "--streams-max",
            paramLabel = "COUNT",
            defaultValue = "" + AuditLimits.STREAMS_MAX_DEFAULT,
            description = "most streams of one partition in the range (${DEFAULT-VALUE})")
    private int streamsMax;

    @Option(
            names = "--violations-max",
            paramLabel = "COUNT",
            defaultValue = "" + AuditLimits.VIOLATIONS_MAX_DEFAULT,
            description = "most violations shown; further ones are counted (${DEFAULT-VALUE})")
    private int violationsMax;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return print(Auditor.run(config()));
        } catch (InvalidSettingsException | NotAllowedException | AuditFailedException e) {
            spec.commandLine().getErr().println("tidemark: " + e.getMessage());
            return COULD_NOT_BE_CHECKED;
        } catch (Error e) {
            /* Which would end the process with 1, and that is what violations mean. */
            throw new IllegalStateException("the audit broke off", e);
        }
    }

    private AuditConfig config() {
        var scope = range.scope(id);
        var limits = limits();
        var settings = options.load(parent.host().environment());
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        roles.requireRights(KafkaRole.VERIFY);
        return new AuditConfig(
                roles.kafkaProperties(),
                roles.topics(),
                ProjectorCommand.group(roles, settings),
                scope,
                closed,
                waitMax,
                limits,
                roles.prices(),
                roles.masterKeys());
    }

    private AuditLimits limits() {
        try {
            return AuditLimits.of(streamsMax, violationsMax);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--streams-max, --violations-max: " + e.getMessage(), e);
        }
    }

    private int print(AuditReport report) {
        var out = spec.commandLine().getOut();
        var shown = new VerifyReport(report);
        out.print(json ? shown.json() : shown.lines());
        out.flush();
        if (report.violationsTotal() > 0) {
            return ExitCode.SOFTWARE;
        }
        if (id != null && report.count(Count.STREAMS) == 0) {
            throw new AuditFailedException("no event of " + id + " is in the log");
        }
        return report.complete() ? ExitCode.OK : COULD_NOT_BE_CHECKED;
    }
}
