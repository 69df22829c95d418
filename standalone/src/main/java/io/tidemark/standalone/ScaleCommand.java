package io.tidemark.standalone;

import io.tidemark.standalone.ScaleLoads.Plan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What more workers, edges and partitions do: installations of several processes, one after the
 * other, each with as much as it can take and then with a load that is the same for all. In the
 * last one partitions are added while streams run.
 */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description =
                "Measures installations of several workers and edges, each a process of its own: how"
                        + " much they deliver at most, how late at the same load, and what holds"
                        + " them up; in the last one partitions are added while streams run.")
final class ScaleCommand extends Bench {
    private static final int STREAMS_MAX = 5_000;
    private static final int TOKENS_MAX = 1_000_000;
    private static final int SECONDS_MAX = 600;
    private static final int PARTITIONS_MAX = 200;
    private static final int HEAP_MIB_MIN = 192;
    private static final int HEAP_MIB_MAX = 8_192;
    private static final int CONFIGURATIONS_MAX = 20;

    @Option(
            names = "--configurations",
            split = ",",
            converter = Converters.OfShape.class,
            defaultValue = "1x1,1x3,3x1,2x2,3x3",
            description =
                    "workers x edges, one installation after the other; what others are compared"
                            + " with first (${DEFAULT-VALUE})")
    private List<ScaleShape> configurations = new ArrayList<>();

    @Option(
            names = "--streams",
            defaultValue = "50",
            description =
                    "concurrent streams of the load that is the same for all (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "20",
            description = "events per second of each of them (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--saturating-streams",
            defaultValue = "24",
            description = "concurrent streams as fast as they are taken (${DEFAULT-VALUE})")
    private int saturatingStreams;

    @Option(
            names = "--tokens",
            defaultValue = "2000",
            description = "events of each of those (${DEFAULT-VALUE})")
    private int tokens;

    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "how long each load is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "12",
            description =
                    "seconds of as much as it can take before that, and a third of it of the other"
                            + " load, not measured (${DEFAULT-VALUE})")
    private int warmup;

    @Option(
            names = "--partitions",
            defaultValue = "12",
            description = "partitions of all topics (${DEFAULT-VALUE})")
    private int partitions;

    @Option(
            names = "--partitions-after",
            defaultValue = "48",
            description =
                    "partitions that they are given in the last installation; as many as before for"
                            + " no change (${DEFAULT-VALUE})")
    private int partitionsAfter;

    @Option(
            names = "--heap-mib",
            defaultValue = "384",
            description = "largest heap of each process, in MiB (${DEFAULT-VALUE})")
    private int heapMib;

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        check();
        double loadBefore = loadOfMachine();
        var plan = new Plan(streams, rate, saturatingStreams, tokens, seconds, warmup);
        report.say(
                "workers x edges: %s; heaps of %d MiB; %d streams of %d events as fast as they are taken, then %d streams x %d events/s; %d s of each after a warm-up"
                        .formatted(
                                configurations,
                                heapMib,
                                saturatingStreams,
                                tokens,
                                streams,
                                rate,
                                seconds));
        var loads = new ScaleLoads(report, plan);
        var tables = new ScaleTables(report, plan);
        for (int i = 0; i < configurations.size(); i++) {
            var shape = configurations.get(i);
            try (var system =
                    ScaleSystem.start(workbench, i + "-" + shape, shape, partitions, heapMib)) {
                tables.add(row(loads, system, shape, partitions));
                if (i == configurations.size() - 1 && partitionsAfter > partitions) {
                    grow(report, loads, tables, system, shape);
                }
            }
        }
        tables.print();
        report.say("");
        report.fact(
                "streamsRead",
                loads.streams(),
                "%d streams with %d events were read in all, each checked for all of its events in their order"
                        .formatted(loads.streams(), loads.eventsRead()));
        double loadAfter = loadOfMachine();
        report.fact(
                "loadAverageBefore",
                loadBefore,
                String.format(
                        Locale.ROOT,
                        "load average of the machine: %.1f before, %.1f afterwards",
                        loadBefore,
                        loadAfter));
    }

    private ScaleRow row(ScaleLoads loads, ScaleSystem system, ScaleShape shape, int count)
            throws IOException, InterruptedException {
        var label = "%s, %d partitions".formatted(shape.label(), count);
        /* First what makes JVMs compile most. */
        var peak = loads.peak(label, system);
        return new ScaleRow(label, shape, loads.steady(label, system), peak);
    }

    private void grow(
            BenchReport report,
            ScaleLoads loads,
            ScaleTables tables,
            ScaleSystem system,
            ScaleShape shape)
            throws IOException, InterruptedException {
        var label = "%s, %d to %d partitions".formatted(shape.label(), partitions, partitionsAfter);
        var change = loads.change(label, system, partitionsAfter);
        tables.add(label, change);
        tables.add(row(loads, system, shape, partitionsAfter));
        report.fact(
                "across",
                (double) change.across(),
                String.format(
                        Locale.ROOT,
                        "%d streams ran while partitions were added; workers shared these after %.1f s, all edges had been replaced after %.1f s",
                        change.across(),
                        change.sharedAfter(),
                        change.replacedAfter()));
        long there = loads.streamsFrom(partitions);
        report.fact(
                "startedInAdded",
                (double) there,
                "%d streams were started in partitions that were added".formatted(there));
        if (there == 0 || change.across() == 0) {
            report.problem(
                    "no stream ran while partitions were added, or none was started in them");
        }
    }

    private static double loadOfMachine() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private void check() {
        require("--configurations", configurations.size(), 1, CONFIGURATIONS_MAX);
        require("--streams", streams, 1, STREAMS_MAX);
        require("--rate", rate, 1, ClockStreams.RATE_MAX);
        require("--saturating-streams", saturatingStreams, 1, STREAMS_MAX);
        require("--tokens", tokens, 1, TOKENS_MAX);
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--warmup", warmup, 0, SECONDS_MAX);
        require("--partitions", partitions, 1, PARTITIONS_MAX);
        require("--partitions-after", partitionsAfter, partitions, PARTITIONS_MAX);
        require("--heap-mib", heapMib, HEAP_MIB_MIN, HEAP_MIB_MAX);
        Machine.requireFiles(Math.max(streams, saturatingStreams));
    }
}
