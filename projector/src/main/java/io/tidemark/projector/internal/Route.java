package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Reason;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;

/**
 * Where a partition is, as the group said last, which may be out of date. Immutable.
 *
 * @param owner the instance that writes it; null if none is known
 * @param copies instances that keep a copy, in no order
 */
record Route(@Nullable Place owner, List<Place> copies) {
    /** An instance. */
    sealed interface Place {
        /** This one. */
        record Here() implements Place {}

        /**
         * Another one.
         *
         * @param base where its query endpoint is
         */
        record There(URI base) implements Place {}
    }

    Route {
        copies = List.copyOf(copies);
    }

    /** Whether the partition is this instance's. */
    boolean ownedHere() {
        return owner instanceof Place.Here;
    }

    /** Why a partition has no owner: nobody has told this instance yet, or it changes hands. */
    Reason unowned() {
        return copies.isEmpty() ? Reason.RESTORING : Reason.MOVING;
    }
}
