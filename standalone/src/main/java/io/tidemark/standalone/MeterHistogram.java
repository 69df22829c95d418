package io.tidemark.standalone;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A timer's histogram as an edge's {@code /metrics} tells it, in the Prometheus text format.
 * Immutable.
 *
 * @param buckets upper bound in seconds to how many were at most that long
 * @param seconds sum of all
 * @param count how many there were
 */
record MeterHistogram(NavigableMap<Double, Long> buckets, double seconds, long count) {
    private static final String BUCKET = "_bucket{le=\"";
    private static final double MILLIS_PER_SECOND = 1000;

    /**
     * Reads a timer without tags; one that is not there has counted nothing.
     *
     * @param scrape the whole answer
     * @param meter the timer's name, with dots
     */
    static MeterHistogram read(String scrape, String meter) {
        var name = meter.replace('.', '_') + "_seconds";
        var buckets = new TreeMap<Double, Long>();
        double seconds = 0;
        long count = 0;
        for (var line : scrape.lines().filter(l -> l.startsWith(name)).toList()) {
            var sample = line.substring(name.length());
            double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            if (sample.startsWith("_sum")) {
                seconds = value;
            } else if (sample.startsWith("_count")) {
                count = (long) value;
            } else if (sample.startsWith(BUCKET + "+")) {
                buckets.put(Double.POSITIVE_INFINITY, (long) value);
            } else if (sample.startsWith(BUCKET)) {
                var bound = sample.substring(BUCKET.length(), sample.indexOf('"', BUCKET.length()));
                buckets.put(Double.parseDouble(bound), (long) value);
            }
        }
        return new MeterHistogram(buckets, seconds, count);
    }

    /** What was counted since an earlier scrape of the same timer. */
    MeterHistogram since(MeterHistogram earlier) {
        var grown = new TreeMap<Double, Long>();
        buckets.forEach(
                (bound, n) -> grown.put(bound, n - earlier.buckets.getOrDefault(bound, 0L)));
        return new MeterHistogram(grown, seconds - earlier.seconds, count - earlier.count);
    }

    /** Mean in milliseconds; 0 when nothing was counted. */
    double meanMillis() {
        return count == 0 ? 0 : seconds * MILLIS_PER_SECOND / count;
    }

    /** Upper bound, in milliseconds, of the bucket that a percentile falls into. */
    double percentileMillis(double percentile) {
        double rank = count * percentile / 100;
        return buckets.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= rank)
                .findFirst()
                .map(bucket -> bucket.getKey() * MILLIS_PER_SECOND)
                .orElse(0.0);
    }
}
