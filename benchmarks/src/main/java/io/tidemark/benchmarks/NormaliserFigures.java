package io.tidemark.benchmarks;

import io.tidemark.devkit.Recording;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.nio.file.Files;
import java.util.Collection;
import java.util.List;

/**
 * Runs {@link NormaliserBenchmark} with the profiler of allocations and prints what one event costs
 * in each dialect, and how much of its time goes into parsing frames and JSON. Recordings are read
 * where there are any.
 *
 * <pre>make bench-normalisers JMH='-f 1 -wi 2 -i 3'</pre>
 */
public final class NormaliserFigures {
    private static final String ALLOCATED_PER_OPERATION = "gc.alloc.rate.norm";
    private static final String NORMALISE = "normalise";
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double PERCENT = 100;

    private NormaliserFigures() {}

    /**
     * Runs all dialects.
     *
     * @param args JMH's own options, all in one argument or each in its own
     */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        var given = String.join(" ", args).strip();
        var words = given.isEmpty() ? new String[0] : given.split("\\s+", -1);
        var options =
                new OptionsBuilder()
                        .parent(new CommandLineOptions(words))
                        .include(NormaliserBenchmark.class.getName())
                        .param("dialect", dialects())
                        .param("source", sources())
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .build();
        var results = new Runner(options).run();
        System.out.printf(
                "%n%-26s %-9s %12s %9s %17s %15s %12s%n",
                "dialect",
                "source",
                "events/s",
                "MB/s",
                "wire bytes/event",
                "allocated/event",
                "parsing");
        results.stream()
                .filter(run -> method(run).equals(NORMALISE))
                .forEach(run -> print(run, parsing(run, results)));
    }

    private static String[] dialects() {
        return MeasuredDialect.ALL.stream().map(MeasuredDialect::name).toArray(String[]::new);
    }

    private static String[] sources() {
        if (Files.isDirectory(Recording.defaultRoot())) {
            return new String[] {NormaliserBenchmark.WRITTEN, NormaliserBenchmark.RECORDED};
        }
        System.out.println("recordings: ABSENT at " + Recording.defaultRoot());
        return new String[] {NormaliserBenchmark.WRITTEN};
    }

    /* The same streams, only parsed. */
    private static RunResult parsing(RunResult run, Collection<RunResult> all) {
        return all.stream()
                .filter(other -> !method(other).equals(NORMALISE))
                .filter(other -> parameters(other).equals(parameters(run)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not parsed: " + parameters(run)));
    }

    private static String method(RunResult run) {
        var name = run.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<String> parameters(RunResult run) {
        return List.of(run.getParams().getParam("dialect"), run.getParams().getParam("source"));
    }

    private static void print(RunResult run, RunResult parsing) {
        double operations = run.getPrimaryResult().getScore();
        double events = secondary(run, "events");
        double bytes = secondary(run, "bytes");
        double allocated = secondary(run, ALLOCATED_PER_OPERATION) * operations / events;
        System.out.printf(
                "%-26s %-9s %,12.0f %9.1f %17.0f %15.0f %,10.0f %%%n",
                run.getParams().getParam("dialect"),
                run.getParams().getParam("source"),
                events,
                bytes / BYTES_PER_MEGABYTE,
                bytes / events,
                allocated,
                PERCENT * operations / parsing.getPrimaryResult().getScore());
    }

    private static double secondary(RunResult run, String name) {
        var result = run.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException(
                    "JMH gave no " + name + " but " + run.getSecondaryResults().keySet());
        }
        return result.getScore();
    }
}
