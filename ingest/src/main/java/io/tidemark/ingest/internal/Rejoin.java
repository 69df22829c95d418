package io.tidemark.ingest.internal;

import io.tidemark.schemas.LifecycleBody.Status;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds in a response that is read again from its beginning the place where the log ends: holds
 * back what the log has already, and lets pass what follows.
 *
 * <pre>
 *   behind --as many events as the log has, of the same content--&gt; joined
 *      +-----anything else-----------------------------------------&gt; contradicted
 * </pre>
 *
 * <p>The place is found by the provider's numbers, and by a count where the log ends within what
 * one number gave. That it is the right one is then told by what is open and by the sum of each
 * lane: the text of all lanes is the same, or nothing passes. Keeps hashes, never text. Confined to
 * one thread.
 */
final class Rejoin {
    private enum State {
        BEHIND,
        JOINED,
        CONTRADICTED
    }

    private final OpenContent log;
    private final OpenContent again = new OpenContent();
    private State state = State.BEHIND;

    /**
     * @param log what the log holds; it names the response
     */
    Rejoin(OpenContent log) {
        this.log = log;
    }

    /** What of it is to be written; {@code stream.status} with {@code resumed} comes first. */
    List<Draft> pass(List<Draft> drafts) {
        var passed = new ArrayList<Draft>();
        for (var draft : drafts) {
            switch (state) {
                case BEHIND -> {
                    if (!EventWriter.empty(draft.body())) {
                        hold(draft);
                    }
                    if (state == State.JOINED) {
                        passed.add(Draft.of(Status.of(Status.RESUMED)));
                    }
                }
                case JOINED -> passed.add(draft);
                case CONTRADICTED -> {}
            }
        }
        return passed;
    }

    private void hold(Draft draft) {
        again.add(draft.placement(), draft.body());
        if (draft.terminal() || beyond()) {
            state = State.CONTRADICTED;
        } else if (!again.story().before(log.story())) {
            state = again.sameAs(log) ? State.JOINED : State.CONTRADICTED;
        }
    }

    private boolean beyond() {
        return log.story().before(again.story());
    }

    /** Whether what is read is beyond what the log holds. */
    boolean joined() {
        return state == State.JOINED;
    }

    /** Whether it was found not to be what the log holds. */
    boolean contradicted() {
        return state == State.CONTRADICTED;
    }
}
