package io.tidemark.edge.internal.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How often each tenant may do something here: a token bucket each, kept as the one time at which
 * it will be full again (the generic cell rate algorithm). Bounded: full buckets are forgotten, and
 * tenants for whom there is no room share one. Thread-safe.
 */
final class TenantRates {
    /** Most tenants that have a bucket of their own. */
    static final int TENANTS_MAX = 10_000;

    /* No tenant has these names. */
    private static final String NOBODY = "";
    private static final String OTHERS = "*";

    private final Map<String, Long> fullAt = new ConcurrentHashMap<>();
    private final long interval;
    private final long tolerance;
    private final int tenantsMax;
    private final InstantSource clock;

    /**
     * Nobody has done anything.
     *
     * @param perSecond how often each may go on; 0 for any number
     * @param burst how often it may begin with, or after a while without
     */
    TenantRates(int perSecond, int burst, int tenantsMax, InstantSource clock) {
        this.interval = perSecond == 0 ? 0 : TimeUnit.SECONDS.toMicros(1) / perSecond;
        this.tolerance = interval * (burst - 1);
        this.tenantsMax = tenantsMax;
        this.clock = clock;
    }

    /**
     * Does it once, if that may be.
     *
     * @return how long to wait until it may be done; zero if it was
     */
    Duration take(@Nullable String tenant) {
        if (interval == 0) {
            return Duration.ZERO;
        }
        long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
        var wait = new long[1];
        fullAt.compute(
                bucket(tenant, now),
                (_, before) -> {
                    long full =
                            before == null || isWrong(before, now) ? now : Math.max(before, now);
                    wait[0] = Math.max(0, full - now - tolerance);
                    return wait[0] > 0 ? full : full + interval;
                });
        return Duration.of(wait[0], ChronoUnit.MICROS);
    }

    /* Further away than a bucket can be: the clock was set back. */
    private boolean isWrong(long full, long now) {
        return full - now > tolerance + interval;
    }

    private String bucket(@Nullable String tenant, long now) {
        var name = tenant == null ? NOBODY : tenant;
        if (fullAt.containsKey(name) || fullAt.size() < tenantsMax) {
            return name;
        }
        fullAt.values().removeIf(full -> full <= now);
        return fullAt.size() < tenantsMax ? name : OTHERS;
    }

    int size() {
        return fullAt.size();
    }
}
