package io.tidemark.edge.internal.access;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request is from: somebody of a tenant, nobody in particular, or somebody who could not
 * show that they may ask.
 *
 * <pre>{@code
 * switch (authenticator.identify(presented, asked)) {
 *     case Identity.Admitted admitted -> ...
 *     case Identity.Refused refused -> ...
 * }
 * }</pre>
 */
public sealed interface Identity {
    /** Somebody who is served. They see the streams of their tenant, and no others. */
    sealed interface Admitted extends Identity {
        /** Whose streams they see; null for those of no tenant. */
        @Nullable String tenant();

        /** Whether the stream that is asked for is known to be theirs before it was looked for. */
        boolean vouched();
    }

    /**
     * Somebody who acts for a tenant.
     *
     * @param vouched whether a capability for the one stream that is asked for says so
     */
    record Caller(String tenant, boolean vouched) implements Admitted {
        public Caller {
            requireNonNull(tenant, "tenant");
        }
    }

    /** Anybody, where no authentication is configured. */
    record Anonymous() implements Admitted {
        @Override
        public @Nullable String tenant() {
            return null;
        }

        @Override
        public boolean vouched() {
            return true;
        }
    }

    /** Somebody without a credential that is good for this; why is told to nobody. */
    record Refused() implements Identity {}
}
