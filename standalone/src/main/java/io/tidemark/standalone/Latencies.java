package io.tidemark.standalone;

import io.tidemark.standalone.load.ReaderListener;
import io.tidemark.standalone.load.SseReader;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * How old events were when they were read, and when the worker stamped them, counted from when they
 * were due: an event that was sent late because something stood still is late by that much
 * (coordinated omission). The simulator writes a {@link System#nanoTime()} into a token, the worker
 * its wall clock into an event; both run on this machine, so one can be told by the other.
 *
 * <p>Events count by when they were due, within a period that is set before they come. Confined to
 * the fleet's thread while its readers read.
 */
final class Latencies implements ReaderListener {
    private static final long NANOS_MAX = Duration.ofMinutes(5).toNanos();
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long HALF_A_MILLISECOND = 500_000;

    private final Histogram read = new Histogram(NANOS_MAX, 3);
    private final Histogram stamped = new Histogram(NANOS_MAX, 3);
    private final long wallMinusNano = wallNanos() - System.nanoTime();
    private final long from;
    private final long until;
    private long delivered;
    private int attached;
    private int ended;

    /** Of the events that are due in a period, in {@link System#nanoTime()}. */
    Latencies(long from, long until) {
        this.from = from;
        this.until = until;
    }

    /** Of the events that are due after some time from now, for some time. */
    static Latencies after(Duration warmup, Duration measured) {
        long from = System.nanoTime() + warmup.toNanos();
        return new Latencies(from, from + measured.toNanos());
    }

    private static long wallNanos() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public void attached(SseReader reader) {
        attached++;
    }

    @Override
    public void ended(SseReader reader) {
        ended++;
    }

    @Override
    public void event(SseReader reader, long dueAt, long stampedAtMs, long readAt) {
        if (readAt >= from && readAt < until) {
            delivered++;
        }
        if (dueAt >= from && dueAt < until) {
            read.recordValue(Math.clamp(readAt - dueAt, 0, NANOS_MAX));
            if (stampedAtMs >= 0) {
                long at = TimeUnit.MILLISECONDS.toNanos(stampedAtMs) + HALF_A_MILLISECOND;
                stamped.recordValue(Math.clamp(at - wallMinusNano - dueAt, 0, NANOS_MAX));
            }
        }
    }

    /** Takes in what another one of the same period has seen, once its readers have ended. */
    void add(Latencies other) {
        read.add(other.read);
        stamped.add(other.stamped);
        delivered += other.delivered;
        attached += other.attached;
        ended += other.ended;
    }

    /** When the period begins. */
    long from() {
        return from;
    }

    /** When the period ends. */
    long until() {
        return until;
    }

    /** Readers that were answered, each as often as it was. */
    long attached() {
        return attached;
    }

    /** Readers that have ended. */
    long ended() {
        return ended;
    }

    /** Events that were read in the period, whenever they were due, per second. */
    double deliveredPerSecond() {
        return delivered * (double) TimeUnit.SECONDS.toNanos(1) / (until - from);
    }

    /** Nanoseconds from when an event was due to the client's read. */
    Histogram read() {
        return read;
    }

    /** Nanoseconds from there to the worker's stamp; empty without a worker. */
    Histogram stamped() {
        return stamped;
    }

    /** A percentile in milliseconds; NaN of nothing. */
    static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0
                ? Double.NaN
                : histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
