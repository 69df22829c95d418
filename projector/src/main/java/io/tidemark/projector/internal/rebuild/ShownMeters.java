package io.tidemark.projector.internal.rebuild;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

/**
 * Where a generation registers its meters, and from where they are shown once it answers: two
 * generations have the same meters, so a registry can take those of one at a time. What is counted
 * before is not shown. Thread-safe.
 */
final class ShownMeters {
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
    /* Empty itself, for a registry that has meters warns of whatever is added to it. */
    private final CompositeMeterRegistry shown = new CompositeMeterRegistry();

    ShownMeters() {
        registry.add(shown);
    }

    /** Where meters are registered; what is removed there is removed where they are shown. */
    MeterRegistry registry() {
        return registry;
    }

    /** Shows them there as well, from zero. */
    void in(MeterRegistry meters) {
        shown.add(meters);
    }
}
