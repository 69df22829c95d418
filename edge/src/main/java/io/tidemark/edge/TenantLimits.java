package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

/**
 * What one tenant may do at one {@link Edge}, so that it leaves something to others; callers of no
 * tenant are one. Beyond it, 429. Immutable.
 *
 * @param starts how often it may start streams
 * @param requests how often it may ask for anything, starts among it
 * @param readersMax how many readers it may have at once; 0 for any number
 */
public record TenantLimits(Rate starts, Rate requests, int readersMax) implements EdgeConfig.Part {
    public TenantLimits {
        requireBetween("readersMax", readersMax, 0, 1_000_000);
    }

    /**
     * How often something may happen.
     *
     * @param perSecond how often it may go on; 0 for any number
     * @param burst how often at once to begin with, or after a while without
     */
    public record Rate(int perSecond, int burst) {
        /** Any number. */
        public static final Rate ANY = new Rate(0, 1);

        public Rate {
            requireBetween("perSecond", perSecond, 0, 1_000_000);
            requireBetween("burst", burst, 1, 1_000_000);
        }
    }

    /** As much as it likes. */
    public static TenantLimits none() {
        return new TenantLimits(Rate.ANY, Rate.ANY, 0);
    }

    /** The same with another rate of starts. */
    public TenantLimits withStarts(Rate other) {
        return new TenantLimits(other, requests, readersMax);
    }

    /** The same with another rate of requests. */
    public TenantLimits withRequests(Rate other) {
        return new TenantLimits(starts, other, readersMax);
    }

    /** The same with another number of readers. */
    public TenantLimits withReaders(int most) {
        return new TenantLimits(starts, requests, most);
    }
}
