package io.tidemark.faults;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** Runs the fault suite and prints its report. Exit codes: 0 passed, 1 failed, 2 misuse. */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        description = "Real processes under load, and what is done to them; see docs/faults.md.")
final class FaultsCommand implements Callable<Integer> {
    private static final long SEEDS = 1_000_000_000L;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "how long streams are started and faults are done, such as 90s or 10m")
    @SuppressWarnings("NullAway.Init") // picocli
    private Duration length = Duration.ofMinutes(5);

    @Option(names = "--seed", paramLabel = "NUMBER", description = "random if empty")
    private String seed = "";

    @Option(
            names = "--plan",
            paramLabel = "NAME",
            description = "random, brokers or rolling (${DEFAULT-VALUE})")
    private String plan = Plan.RANDOM.label();

    @Option(
            names = "--brokers",
            paramLabel = "COUNT",
            description = "1 or 3; what the plan needs if empty, which is 1 in plan random")
    private String brokers = "";

    @Option(
            names = "--projectors",
            description = "three projectors, and nothing else is hit; they are asked all the time")
    private boolean projectors;

    @Option(
            names = "--rate",
            paramLabel = "COUNT",
            description = "streams started in a second (${DEFAULT-VALUE})")
    private int rate = 3;

    @Option(
            names = "--without",
            paramLabel = "KINDS",
            description = "kinds of faults to leave out, with commas between: worker paused,...")
    private String without = "";

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "for reports, and for the data and logs of runs that failed")
    private Path directory = Path.of("faults");

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    private FaultsCommand() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command, to be executed once. */
    static CommandLine commandLine() {
        return new CommandLine(new FaultsCommand());
    }

    /** The seed that a text names; a new one if it is empty. */
    static long seed(String text) {
        try {
            return text.isEmpty() ? new Random().nextLong(SEEDS) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seed must be a whole number, was " + text, e);
        }
    }

    /** The number of brokers that a text names; the plan's own if it is empty. */
    static int brokers(String text, Plan plan) {
        try {
            return text.isEmpty() ? plan.brokers() : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("brokers must be 1 or 3, was " + text, e);
        }
    }

    /** The duration that a text such as {@code 90s} or {@code 10m} names. */
    static Duration duration(String text) {
        var match = Pattern.compile("(\\d{1,5})([smh])").matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("must be a time such as 90s or 10m, was " + text);
        }
        return Duration.parse("PT" + text);
    }

    /** The kinds of faults that a text names. */
    static Set<String> kinds(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(","));
    }

    /** Runs the suite, prints the report and writes it beside the data. */
    static Report run(RunConfig config) throws IOException, InterruptedException {
        var report = new FaultRun(config, InstantSource.system()).run();
        System.out.println(report.lines());
        Files.writeString(Path.of(config.directory() + ".json"), report.json());
        return report;
    }

    /** A directory of its own for a run. */
    static Path directory(Path parent, long seed, int brokers) {
        return parent.resolve(
                "%d-seed-%d-brokers-%d".formatted(InstantSource.system().millis(), seed, brokers));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            var report = run(config());
            return report.outcome().problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (Namespaces.UnavailableException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private RunConfig config() {
        try {
            long number = seed(seed);
            var named = Plan.named(plan);
            int count = brokers(brokers, named);
            return new RunConfig(
                    named,
                    number,
                    length,
                    rate,
                    projectors ? Layout.ofProjectors(count) : Layout.withBrokers(count),
                    kinds(without),
                    directory(directory, number, count));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return duration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
