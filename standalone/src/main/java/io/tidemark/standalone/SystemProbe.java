package io.tidemark.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a system says of itself while a load is measured: its CPU time, and how long events took
 * between the places that its meters know. Thread-safe.
 */
final class SystemProbe implements AutoCloseable {
    /** From the worker's stamp on an event to the broker's append. */
    private static final String STAMP_TO_APPEND = "tidemark.ingest.stamp.to.append";

    /** From there to the edge's write. */
    private static final String APPEND_TO_WRITE = "tidemark.edge.append.to.write";

    private final SystemProcess system;
    private final URI metrics;
    private final HttpClient http = HttpClient.newHttpClient();

    SystemProbe(SystemProcess system) {
        this.system = system;
        this.metrics = system.address().resolve("/metrics");
    }

    /**
     * What was counted until now, or between two looks.
     *
     * @param at {@link System#nanoTime()} of the look, or the time between two, in nanoseconds
     * @param cpu time on all cores
     */
    record Reading(
            long at, Duration cpu, MeterHistogram stampToAppend, MeterHistogram appendToWrite) {
        /** Cores it has kept busy, of what is between two looks. */
        double cores() {
            return (double) cpu.toNanos() / at;
        }

        /** What was counted since an earlier look. */
        Reading since(Reading earlier) {
            return new Reading(
                    at - earlier.at,
                    cpu.minus(earlier.cpu),
                    stampToAppend.since(earlier.stampToAppend),
                    appendToWrite.since(earlier.appendToWrite));
        }
    }

    /** Looks now; what has no meters, as the plain server, has counted nothing. */
    Reading read() throws IOException, InterruptedException {
        var scrape = scrape();
        return new Reading(
                System.nanoTime(),
                system.cpu(),
                MeterHistogram.read(scrape, STAMP_TO_APPEND),
                MeterHistogram.read(scrape, APPEND_TO_WRITE));
    }

    /**
     * The sum of a counter or gauge over the samples that have some tags.
     *
     * @param sample its name in the Prometheus text format
     * @param tags as they stand there, such as {@code way="log"}
     */
    double sum(String sample, String... tags) throws IOException, InterruptedException {
        return scrape().lines()
                .filter(line -> line.startsWith(sample + "{") || line.startsWith(sample + " "))
                .filter(line -> Stream.of(tags).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String scrape() throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
