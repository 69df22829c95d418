package io.tidemark.ingest.internal;

import io.tidemark.schemas.LifecycleBody.Failed;

import java.time.Duration;
import java.util.Optional;

/**
 * After how long a response whose connection was lost is read on: as a retry, within the provider's
 * budget, and so many times in a row without anything new. Confined to one thread.
 */
final class ResumePlan {
    private final Provider provider;
    private int inVain;

    ResumePlan(Provider provider) {
        this.provider = provider;
    }

    /** The last connection brought something. */
    void progressed() {
        inVain = 0;
    }

    /** How long to wait before it is read on; empty if it is not. */
    Optional<Duration> after(Failed failed) {
        inVain++;
        return AttemptPlan.passing(failed) && inVain <= provider.config().resilience().resumesMax()
                ? AttemptPlan.pause(provider, inVain, failed)
                : Optional.empty();
    }
}
