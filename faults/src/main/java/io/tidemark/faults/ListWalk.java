package io.tidemark.faults;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A list that is read page by page: whether all is in it that has to be, once and in order.
 * Confined to one thread.
 */
final class ListWalk {
    private static final String IN_PROGRESS = "in_progress";
    private static final long NOTHING = -1;

    private final ListFilter filter;
    private final KnownStreams streams;
    private final long startedAt;
    private final Set<StreamId> listed = new LinkedHashSet<>();
    private @Nullable StreamId last;

    /**
     * A walk that begins.
     *
     * @param startedAt the time, before the first page is asked for
     */
    ListWalk(ListFilter filter, KnownStreams streams, long startedAt) {
        this.filter = filter;
        this.streams = streams;
        this.startedAt = startedAt;
    }

    /**
     * Takes the next page.
     *
     * @param askedAt the time, before it was asked for
     * @return what is wrong with it, beginning with the stream
     */
    List<String> page(JsonNode page, long askedAt) {
        var wrong = new ArrayList<String>();
        for (var entry : page.path("streams")) {
            var id = StreamId.parse(entry.path("requestId").asText());
            if (!listed.add(id)) {
                wrong.add("stream " + id + " is in the list twice");
            } else if (last != null && id.compareTo(last) > 0) {
                wrong.add("stream " + id + " is behind the older " + last);
            }
            if (!filter.fits().test(entry)) {
                wrong.add("stream " + id + " is none of " + filter.query());
            }
            last = id;
            streams.find(id).ifPresent(stream -> addAboutEnd(wrong, stream, entry, askedAt));
        }
        return wrong;
    }

    private static void addAboutEnd(
            List<String> wrong, KnownStream stream, JsonNode entry, long askedAt) {
        var status = entry.path("status").asText();
        if (!status.equals(IN_PROGRESS)) {
            stream.toldEnd(
                    new KnownStream.ListedEnd(
                            status,
                            entry.at("/usage/input").asLong(NOTHING),
                            entry.at("/usage/output").asLong(NOTHING),
                            entry.at("/usage/total").asLong(NOTHING)));
        } else if (stream.endedBefore(askedAt)) {
            wrong.add("stream " + stream.id() + " is in progress in the list, and had ended");
        }
    }

    /** Streams that the whole list does not have and must; to be asked behind the last page. */
    List<String> missing() {
        return streams.all().stream()
                .filter(stream -> stream.inLogBefore(startedAt))
                .filter(stream -> filter.owed().test(stream, startedAt))
                .map(KnownStream::id)
                .filter(id -> !listed.contains(id))
                .map(id -> "stream " + id + " is not in the list")
                .toList();
    }

    /** What the pages had. */
    Set<StreamId> listed() {
        return listed;
    }
}
