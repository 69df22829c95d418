package io.tidemark.projector;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.internal.rebuild.RebuildRun;

import java.time.InstantSource;

/**
 * Makes all results anew from the log, under the next generation, beside those that count; compares
 * the two; and lets the new ones count. Section 5.6 of the protocol.
 *
 * <p>Projectors that run meanwhile go on with the old results until the new ones count, and then
 * with the new ones. An interrupted rebuild is gone on with by the next one. Results of streams
 * whose events the log no longer holds are taken over as they are.
 */
public final class Rebuild {
    private Rebuild() {}

    /**
     * Runs to the end, on the calling thread.
     *
     * @param config as that of a projector; its state directory must be another one than a running
     *     projector's
     * @param keepOld whether the results that counted before are kept, and may count again
     * @param meters where the meters of the projector go that makes the results
     * @return what the two generations have in common
     * @throws RebuildFailedException if the old results go on to count: the new ones lack some, or
     *     cannot be made; running it again goes on where it stopped
     * @throws ProjectorStartException as {@link Projector#start}
     * @throws io.tidemark.schemas.TopicRefusedException as {@link Projector#start}
     */
    public static RebuildReport run(
            ProjectorConfig config,
            boolean keepOld,
            MeterRegistry meters,
            InstantSource clock,
            RebuildListener listener)
            throws InterruptedException {
        try (var run = new RebuildRun(config, clock, listener)) {
            return run.run(keepOld, meters);
        }
    }
}
