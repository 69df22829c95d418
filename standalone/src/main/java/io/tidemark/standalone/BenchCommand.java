package io.tidemark.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmarks that need the whole system; those of single classes are in {@code benchmarks}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures the whole system beside a plain server without Kafka; docs/benchmarks.md"
                        + " says how to read the figures.",
        subcommands = {
            LatencyCommand.class,
            FanoutCommand.class,
            ResumeCommand.class,
            MemoryCommand.class,
            SlowCommand.class,
            ProjectorBenchCommand.class,
            ScaleCommand.class
        })
final class BenchCommand implements Runnable {
    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to measure: latency, fanout, resume, memory, slow, projector or scale");
    }
}
