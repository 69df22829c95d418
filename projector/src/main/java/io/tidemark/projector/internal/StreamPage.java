package io.tidemark.projector.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A part of a list, newest first, of one partition or of several. Immutable.
 *
 * @param streams entries that were found, by descending id
 * @param next id down to which, inclusive, everything was looked at and is here if it matches; null
 *     if that is all there is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamPage(List<StreamEntry> streams, @Nullable StreamId next) {
    /** Most entries of a page. */
    static final int LIMIT_MAX = 200;

    /** Entries of a page by default. */
    static final int LIMIT_DEFAULT = 50;

    private static final Comparator<StreamEntry> NEWEST_FIRST =
            Comparator.comparing(StreamEntry::requestId).reversed();

    StreamPage {
        streams = List.copyOf(streams);
    }

    /**
     * One page of several that begin at the same place, each of other partitions. It ends where the
     * first of them does: what another one found below that would be followed by holes.
     */
    static StreamPage merge(List<StreamPage> parts, int limit) {
        var end =
                parts.stream()
                        .map(StreamPage::next)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder());
        var seen =
                parts.stream()
                        .flatMap(part -> part.streams().stream())
                        .filter(entry ->
                                end.isEmpty() || entry.requestId().compareTo(end.get()) >= 0)
                        .sorted(NEWEST_FIRST)
                        .toList();
        return seen.size() > limit
                ? new StreamPage(seen.subList(0, limit), seen.get(limit - 1).requestId())
                : new StreamPage(seen, end.orElse(null));
    }

    /** The page as it is sent. */
    byte[] encode() {
        try {
            return StreamEntry.JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a page", e);
        }
    }

    /**
     * The page these bytes hold.
     *
     * @throws IllegalStateException if they hold none
     */
    static StreamPage decode(byte[] json) {
        try {
            return StreamEntry.JSON.readValue(json, StreamPage.class);
        } catch (IOException e) {
            throw new IllegalStateException("a page of a list must be its JSON", e);
        }
    }
}
