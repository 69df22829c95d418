package io.tidemark.seal;

import static java.util.Objects.requireNonNull;

/**
 * What came of looking for a stream's key.
 *
 * <pre>{@code
 * switch (ring.find(id)) {
 *     case Found.Key(var key) -> ...
 *     case Found.Missing(var why) -> ...
 * }
 * }</pre>
 */
public sealed interface Found {
    /** Here it is. */
    record Key(DataKey key) implements Found {
        public Key {
            requireNonNull(key, "key");
        }
    }

    /** There is none that could be used. */
    record Missing(Unreadable why) implements Found {
        public Missing {
            requireNonNull(why, "why");
        }
    }
}
