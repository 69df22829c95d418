package io.tidemark.standalone;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * How old tokens were when they were read, and when the worker stamped them. The simulator writes
 * its {@link System#nanoTime()} into a token, the worker its wall clock into an event; both run on
 * this machine, so one can be told by the other. Thread-safe.
 */
final class Latencies {
    private static final long NANOS_MAX = Duration.ofMinutes(1).toNanos();
    private static final long HALF_A_MILLISECOND = 500_000;

    private final Histogram read = new ConcurrentHistogram(NANOS_MAX, 3);
    private final Histogram stamped = new ConcurrentHistogram(NANOS_MAX, 3);
    private final long wallMinusNano = wallNanos() - System.nanoTime();

    private static long wallNanos() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }

    /** A token written then was read then; both are {@link System#nanoTime()}. */
    void read(long writtenAt, long readAt) {
        read.recordValue(Math.clamp(readAt - writtenAt, 0, NANOS_MAX));
    }

    /** A token written then was stamped in this millisecond since the epoch, somewhere in it. */
    void stamped(long writtenAt, long stampedAtMs) {
        long stampedAt = TimeUnit.MILLISECONDS.toNanos(stampedAtMs) + HALF_A_MILLISECOND;
        stamped.recordValue(Math.clamp(stampedAt - wallMinusNano - writtenAt, 0, NANOS_MAX));
    }

    /** Nanoseconds from the provider's write to the client's read. */
    Histogram read() {
        return read;
    }

    /** Nanoseconds from the provider's write to the worker's stamp; empty without a worker. */
    Histogram stamped() {
        return stamped;
    }
}
