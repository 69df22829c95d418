package io.tidemark.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The {@code tidemark} command. Exit codes: 0 done, 1 failed, 2 misuse.
 *
 * <p>Tests run it as {@code new CommandLine(new Tidemark(host)).execute(...)}.
 */
@Command(
        name = "tidemark",
        mixinStandardHelpOptions = true,
        version = "tidemark 0.1.0",
        description = "A durable, resumable streaming backbone for LLM output, on Kafka.",
        subcommands = {
            StandaloneCommand.class,
            DemoCommand.class,
            KafkaCommand.class,
            IngestCommand.class,
            ProjectorCommand.class,
            EdgeCommand.class,
            SimulatorCommand.class,
            TopicsCommand.class,
            AclsCommand.class,
            VerifyCommand.class,
            ExportCommand.class,
            ReplayCommand.class,
            SettingsCommand.class,
            BenchCommand.class,
            PlainServerCommand.class
        })
public final class Tidemark implements Runnable {
    private final Host host;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    Tidemark(Host host) {
        this.host = host;
    }

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine(Host.process()).execute(arguments));
    }

    static CommandLine commandLine(Host host) {
        return new CommandLine(new Tidemark(host))
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    Host host() {
        return host;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say which role to run");
    }
}
