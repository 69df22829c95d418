package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

/**
 * What one tenant may do at one {@link Edge}, so that it leaves something to others; callers of no
 * tenant are one. Immutable.
 *
 * @param startsPerSecond how many starts it may go on with; beyond it, 429; 0 for any number
 * @param startsBurst how many it may begin with, or after a while without
 */
public record TenantLimits(int startsPerSecond, int startsBurst) implements EdgeConfig.Part {
    public TenantLimits {
        requireBetween("startsPerSecond", startsPerSecond, 0, 100_000);
        requireBetween("startsBurst", startsBurst, 1, 1_000_000);
    }

    /** As many starts as it likes. */
    public static TenantLimits none() {
        return new TenantLimits(0, 1);
    }
}
