package io.tidemark.standalone;

import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/**
 * A command that starts something, says {@code tidemark ready <address>} on standard output, and
 * runs until the process is stopped. What cannot start says so in one line and exits with 1;
 * settings that cannot be used, with 2.
 */
abstract class RoleCommand implements Callable<Integer> {
    private static final Logger LOGGER = LoggerFactory.getLogger(RoleCommand.class);

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    /**
     * Starts the role.
     *
     * @param stack takes everything that has to be closed again
     * @return the address to announce
     */
    abstract String start(Settings settings, ShutdownStack stack);

    /**
     * Starts the role and runs until the process is stopped.
     *
     * @return the exit code
     */
    int run(Settings settings, ShutdownStack stack) throws InterruptedException {
        announce(start(settings, stack));
        return parent.host().runUntilStopped(stack);
    }

    @Override
    public Integer call() throws InterruptedException {
        var stack = new ShutdownStack();
        try {
            var settings = options.load(parent.host().environment());
            LOGGER.atInfo()
                    .addKeyValue("role", spec.name())
                    .addKeyValue("settings", settings.shown())
                    .log("starting");
            return run(settings, stack);
        } catch (InvalidSettingsException e) {
            return refuse(stack, String.valueOf(e.getMessage()), ExitCode.USAGE);
        } catch (RuntimeException e) {
            LOGGER.atDebug().setCause(e).log("start failed");
            return refuse(stack, spec.name() + " cannot start: " + reason(e), ExitCode.SOFTWARE);
        }
    }

    /** The command as picocli knows it. */
    CommandSpec spec() {
        return spec;
    }

    private void announce(String address) {
        var out = spec.commandLine().getOut();
        out.println("tidemark ready " + address);
        out.flush();
    }

    private int refuse(ShutdownStack stack, String problem, int exitCode) {
        stack.close();
        problem.lines().forEach(line -> spec.commandLine().getErr().println("tidemark: " + line));
        spec.commandLine().getErr().flush();
        return exitCode;
    }

    private static String reason(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        var cause = e.getCause();
        return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
                ? message
                : message + ": " + cause.getMessage();
    }
}
