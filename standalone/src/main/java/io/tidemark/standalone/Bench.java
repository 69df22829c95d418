package io.tidemark.standalone;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * A benchmark of the whole: the same load on the plain server and on the system. Exits with 0 only
 * if every reader had what it must; figures of a load that went wrong are printed, but say so.
 */
abstract class Bench implements Callable<Integer> {
    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "write the figures to a file as well, as one JSON document")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    /** Measures, and says in the report what was found. */
    abstract void measure(Workbench workbench, BenchReport report)
            throws IOException, InterruptedException;

    @Override
    public final Integer call() throws IOException {
        return Interruption.during(this::run);
    }

    private int run() throws IOException {
        var report = new BenchReport(spec.name(), options(), spec.commandLine().getOut());
        try (var workbench = Workbench.open()) {
            measure(workbench, report);
        } catch (BenchFailedException e) {
            spec.commandLine().getErr().println("tidemark: " + e.getMessage());
            return ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            return Interruption.report(spec);
        }
        if (json != null) {
            Files.writeString(json, report.json());
        }
        return report.sound() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Map<String, String> options() {
        var options = new TreeMap<String, String>();
        for (var option : spec.options()) {
            if (!option.usageHelp()
                    && !option.versionHelp()
                    && !"--json".equals(option.longestName())) {
                options.put(
                        option.longestName().replaceFirst("^--", ""),
                        String.valueOf(option.<Object>getValue()));
            }
        }
        return options;
    }

    /** Refuses a number that makes no sense, naming the option. */
    void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s must be %d to %d, was %d".formatted(option, least, most, value));
        }
    }
}
