package io.tidemark.standalone;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.RebuildFailedException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Runs a projector alone, or makes all results anew. */
@Command(
        name = "projector",
        mixinStandardHelpOptions = true,
        description = "Folds streams to responses and usage, and answers queries for them.")
final class ProjectorCommand extends RoleCommand {
    @ArgGroup(exclusive = false)
    private @Nullable Rebuilding rebuilding;

    /** Options of a rebuild. */
    private static final class Rebuilding {
        @Option(
                names = "--rebuild",
                required = true,
                description =
                        "makes all results anew from the log, beside those that count; lets the"
                                + " new ones count when they lack nothing, and ends")
        private boolean wanted;

        @Option(
                names = "--keep-old",
                description = "keeps the topics of the results that counted before")
        private boolean keepOld;
    }

    /** The projector's consumer group, for whoever asks how far it has read. */
    static String group(Roles roles, Settings settings) {
        return ProjectorConfig.of(
                        roles.kafkaProperties(), roles.topics(), settings.get(Keys.DATA_DIR))
                .applicationId();
    }

    @Override
    int run(Settings settings, ShutdownStack stack) throws InterruptedException {
        return rebuilding != null && rebuilding.wanted
                ? rebuild(settings, rebuilding.keepOld)
                : super.run(settings, stack);
    }

    private int rebuild(Settings settings, boolean keepOld) {
        var progress = new RebuildProgress(spec().commandLine().getOut(), System::nanoTime);
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        try {
            return Interruption.during(() -> rebuild(roles, keepOld, progress));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int rebuild(Roles roles, boolean keepOld, RebuildProgress progress) {
        try {
            progress.done(roles.rebuild(keepOld, progress), keepOld);
            return ExitCode.OK;
        } catch (RebuildFailedException e) {
            spec().commandLine().getErr().println("tidemark: not rebuilt: " + e.getMessage());
            return ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            return Interruption.report(spec());
        }
    }

    @Override
    String start(Settings settings, ShutdownStack stack) {
        var roles = new Roles(settings, Roles.bootstrapServers(settings));
        var projector = roles.projector(stack, Roles.hostName(), settings.get(Keys.PROJECTOR_PORT));
        Roles.awaitReady(projector);
        return projector.address().toString();
    }
}
