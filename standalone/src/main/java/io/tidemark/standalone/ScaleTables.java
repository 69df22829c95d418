package io.tidemark.standalone;

import static io.tidemark.standalone.Latencies.millis;

import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.BenchReport.Table;
import io.tidemark.standalone.ScaleLoads.Change;
import io.tidemark.standalone.ScaleLoads.Plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the tables of {@code bench scale} say. Confined to the thread that measures. */
final class ScaleTables {
    private static final Column[] SCALE = {
        Column.count("streams", "streams"),
        Column.count("offeredPerSecond", "offered/s"),
        Column.of("deliveredPerSecond", "delivered/s", 0),
        Column.of("p50Ms", "p50 ms", 1),
        Column.of("p99Ms", "p99 ms", 1),
        Column.of("p99ToFirst", "p99 to first", 2),
        Column.of("mostPerSecond", "at most/s", 0),
        Column.of("mostToFirst", "at most to first", 2),
        Column.of("kafkaCpu", "CPU s per 1,000: Kafka", 3),
        Column.of("workersCpu", "workers", 3),
        Column.of("projectorCpu", "projector", 3),
        Column.of("edgesCpu", "edges", 3),
        Column.of("clientsCpu", "clients, provider", 3),
        Column.of("othersCores", "cores of others", 2)
    };

    private static final Column[] CORES = {
        Column.of("kafkaPerCpuSecond", "Kafka", 0),
        Column.of("workerPerCpuSecond", "a worker", 0),
        Column.of("projectorPerCpuSecond", "the projector", 0),
        Column.of("edgePerCpuSecond", "an edge", 0),
        Column.of("mostPerSecond", "all of it, a core for each process", 0)
    };

    private final BenchReport report;
    private final Plan plan;
    private final Table scale;
    private final List<ScaleRow> rows = new ArrayList<>();

    ScaleTables(BenchReport report, Plan plan) {
        this.report = report;
        this.plan = plan;
        this.scale =
                report.table("scale", "installation", SCALE).remarked("limitedBy", "limited by");
    }

    /** Adds what was measured of an installation; the first is what others are compared with. */
    void add(ScaleRow row) {
        rows.add(row);
        var first = rows.getFirst();
        double p99 = millis(row.steady().read(), 99);
        double most = row.peak().eventsPerSecond();
        /* The table comes at the end, which may be minutes away. */
        report.say(
                String.format(
                        Locale.ROOT, "%s: at most %.0f/s; p99 %.1f ms", row.label(), most, p99));
        scale.row(
                row.label(),
                new double[] {
                    plan.steady(),
                    plan.offered(),
                    row.steady().deliveredPerSecond(),
                    millis(row.steady().read(), 50),
                    p99,
                    p99 / millis(first.steady().read(), 99),
                    most,
                    most / first.peak().eventsPerSecond(),
                    row.cpuPerThousand(ScaleRole.KAFKA),
                    row.cpuPerThousand(ScaleRole.WORKER),
                    row.cpuPerThousand(ScaleRole.PROJECTOR),
                    row.cpuPerThousand(ScaleRole.EDGE),
                    row.cpuPerThousand(ScaleRole.CLIENTS),
                    row.peak().cpu().othersCores()
                },
                Limit.of(row.peak().cpu(), Runtime.getRuntime().availableProcessors()));
    }

    /** Adds what was measured while partitions were added. */
    void add(String label, Change change) {
        double p99 = millis(change.seen().read(), 99);
        scale.row(
                label,
                plan.steady(),
                plan.offered(),
                change.deliveredPerSecond(),
                millis(change.seen().read(), 50),
                p99,
                p99 / millis(rows.getFirst().steady().read(), 99),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }

    /** Prints all. */
    void print() {
        scale.close();
        try (var cores =
                report.table("cores", "events per second of CPU", CORES)
                        .remarked("limitedBy", "which is that of")) {
            for (var row : rows) {
                var least =
                        row.withCores().entrySet().stream()
                                .min(Comparator.comparingDouble(Map.Entry::getValue))
                                .orElseThrow();
                cores.row(
                        row.label(),
                        new double[] {
                            row.perCpuSecondOfOne(ScaleRole.KAFKA),
                            row.perCpuSecondOfOne(ScaleRole.WORKER),
                            row.perCpuSecondOfOne(ScaleRole.PROJECTOR),
                            row.perCpuSecondOfOne(ScaleRole.EDGE),
                            least.getValue()
                        },
                        least.getKey().label());
            }
        }
    }
}
