package io.tidemark.standalone;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.LatencyLoad.Shape;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * What the durable path adds: the same client, the same simulator and the same load, once connected
 * to the simulator directly and once through worker, Kafka and edge, in one run. The system under
 * test is a process of its own; client and simulator share another.
 */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "Measures the time from the provider's write to the client's read, directly and"
                        + " through the durable path.")
final class LatencyCommand implements Callable<Integer> {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

    @Option(
            names = "--streams",
            defaultValue = "200",
            description = "concurrent streams (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "30",
            description = "events per second of each stream (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long each path is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "40",
            description = "seconds of the same load before that, not measured (${DEFAULT-VALUE})")
    private int warmup;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var shape =
                new Shape(streams, rate, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds));
        try (var simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
                var data = TemporaryDirectory.create("tidemark-bench");
                var system = SystemProcess.start("standalone", settings(simulator, data))) {
            var provider = URI.create(simulator.baseUrl());
            say(
                    "%d streams x %d events/s; %d s of each path after %d s of warm-up%n"
                            .formatted(streams, rate, seconds, warmup));
            var direct = new LatencyLoad(shape, new DirectPath(provider)).run(() -> null).read();
            var durable = durable(shape, system);
            report(direct, durable.latencies().read());
            stages(durable);
            return complete(direct) && complete(durable.latencies().read())
                    ? ExitCode.OK
                    : ExitCode.SOFTWARE;
        }
    }

    /**
     * What was measured of the durable path.
     *
     * @param system what the system said of the same time
     */
    private record Durable(Latencies latencies, SystemProbe.Reading system) {}

    private static Durable durable(Shape shape, SystemProcess system)
            throws IOException, InterruptedException {
        try (var probe = new SystemProbe(system)) {
            var warm = new CompletableFuture<SystemProbe.Reading>();
            var load = new LatencyLoad(shape, new DurablePath(system.address()));
            var latencies = load.run(() -> warm.complete(probe.read()));
            return new Durable(latencies, probe.read().since(warm.join()));
        }
    }

    private static List<String> settings(ProviderSimulator simulator, TemporaryDirectory data) {
        return List.of(
                "data-dir=" + data.path(),
                "edge.port=0",
                "providers.openai.base-url=" + simulator.baseUrl());
    }

    /* A path that lost events or could not keep up has no latency to speak of. */
    private boolean complete(Histogram histogram) {
        long wanted = (long) streams * rate * seconds;
        boolean complete = histogram.getTotalCount() >= wanted * 95 / 100;
        if (!complete) {
            say(
                    "only %d of about %d events arrived in time"
                            .formatted(histogram.getTotalCount(), wanted));
        }
        return complete;
    }

    private void report(Histogram direct, Histogram durable) {
        say("| path | events | p50 ms | p90 ms | p99 ms | p99.9 ms | max ms |");
        say("|---|---|---|---|---|---|---|");
        say(row("client to simulator", direct));
        say(row("client to edge", durable));
        var added = new StringBuilder("| added | |");
        for (double percentile : PERCENTILES) {
            added.append(
                    " %.2f |".formatted(millis(durable, percentile) - millis(direct, percentile)));
        }
        say(added.toString());
    }

    /* What no clock stands behind is what is left: from the edge's write to the client's read. */
    private void stages(Durable durable) {
        var read = durable.latencies().read();
        var stamped = durable.latencies().stamped();
        var appended = durable.system().stampToAppend();
        var written = durable.system().appendToWrite();
        double toWorker = stamped.getMean() / NANOS_PER_MILLI;
        double rest =
                read.getMean() / NANOS_PER_MILLI
                        - toWorker
                        - appended.meanMillis()
                        - written.meanMillis();
        say("");
        say("| where the time goes | mean ms | p50 ms | p99 ms |");
        say("|---|---|---|---|");
        say(
                "| provider's write to worker's stamp | %.2f | %.2f | %.2f |"
                        .formatted(toWorker, millis(stamped, 50), millis(stamped, 99)));
        say("| worker's stamp to broker's append | " + row(appended));
        say("| broker's append to edge's write | " + row(written));
        say("| edge's write to client's read | %.2f | | |".formatted(rest));
        say("");
        double cpu = durable.system().cpu().toNanos();
        say(
                "CPU of the system: %.0f µs per event, %.2f cores"
                        .formatted(
                                cpu / NANOS_PER_MICRO / read.getTotalCount(),
                                cpu / durable.system().at()));
    }

    private static String row(MeterHistogram timer) {
        return "%.2f | %.2f | %.2f |"
                .formatted(
                        timer.meanMillis(), timer.percentileMillis(50), timer.percentileMillis(99));
    }

    private static String row(String name, Histogram histogram) {
        var row = new StringBuilder("| %s | %d |".formatted(name, histogram.getTotalCount()));
        for (double percentile : PERCENTILES) {
            row.append(" %.2f |".formatted(millis(histogram, percentile)));
        }
        return row.toString();
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
