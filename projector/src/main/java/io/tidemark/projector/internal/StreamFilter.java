package io.tidemark.projector.internal;

import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;

/**
 * Which streams a list is of. Immutable.
 *
 * @param tenant whose; null for those of nobody
 * @param statuses those wanted; empty for all
 * @param model what the model that was asked for or the one that served must fit; null for any
 * @param provider the provider; null for any
 * @param since earliest time of an id, in epoch milliseconds, inclusive
 * @param until latest time of an id, in epoch milliseconds, exclusive
 * @param before the id that the list goes on behind, exclusive; null to begin with the newest
 */
record StreamFilter(
        @Nullable String tenant,
        Set<Response.Status> statuses,
        @Nullable Wildcard model,
        @Nullable String provider,
        long since,
        long until,
        @Nullable StreamId before) {
    /** Latest time that an id can have, exclusive. */
    static final long UNTIL_MAX = 1L << 48;

    StreamFilter {
        statuses = Set.copyOf(statuses);
    }

    /** All streams of a tenant. */
    static StreamFilter of(@Nullable String tenant) {
        return new StreamFilter(tenant, Set.of(), null, null, 0, UNTIL_MAX, null);
    }

    /** The same behind an id. */
    StreamFilter behind(StreamId id) {
        return new StreamFilter(tenant, statuses, model, provider, since, until, id);
    }

    /** Whether an entry in the range of times is one of them. */
    boolean matches(StreamEntry entry) {
        return (statuses.isEmpty() || statuses.contains(entry.status()))
                && (provider == null || provider.equals(entry.provider()))
                && (model == null
                        || model.fits(entry.model())
                        || model.fits(entry.requestedModel()));
    }

    /** Key of a store from which on the entries are, inclusive. */
    byte[] from() {
        return StreamIndex.key(StreamIndex.owner(tenant), first(since));
    }

    /** Key of a store before which the entries are; itself no entry that is wanted. */
    byte[] to() {
        byte[] end = until >= UNTIL_MAX ? new byte[] {(byte) 0xFF} : first(until);
        if (before != null && (until >= UNTIL_MAX || before.time().toEpochMilli() < until)) {
            end = before.key();
        }
        return StreamIndex.key(StreamIndex.owner(tenant), end);
    }

    /** Whether there can be none. */
    boolean empty() {
        return since >= until || since >= UNTIL_MAX || Arrays.compareUnsigned(from(), to()) >= 0;
    }

    private static byte[] first(long millis) {
        var time = InstantSource.fixed(Instant.ofEpochMilli(millis));
        return StreamId.mint(time, () -> 0L, 0).key();
    }
}
