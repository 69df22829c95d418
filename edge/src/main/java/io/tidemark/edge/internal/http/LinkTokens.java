package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.access.Capabilities;
import io.tidemark.edge.internal.access.Scope;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * What is put behind the links to a stream so that whoever holds them may follow them: a capability
 * where callers have to say who they are, and nothing where they do not. Thread-safe.
 *
 * @param capabilities null where there are none
 */
record LinkTokens(@Nullable Capabilities capabilities) {
    /** The query of a link that is good for one kind of request about a stream of the caller. */
    String query(Call call, StreamId id, Scope scope) {
        var tenant = call.caller().tenant();
        if (capabilities == null || tenant == null) {
            return "";
        }
        var issued = capabilities.issue(id, tenant, scope, capabilities.lifetimeMax());
        return query(issued.token());
    }

    /* The alphabet of a token needs no escape. */
    static String query(String token) {
        return "?token=" + token;
    }

    @Override
    public String toString() {
        return "LinkTokens[issued=" + (capabilities != null) + "]";
    }
}
