package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One event of an event stream. Immutable.
 *
 * @param event its name; absent when the stream gave none
 * @param data its data lines, joined by line feeds
 * @param id the last event id as it stood when the frame ended; absent before the first
 */
public record SseFrame(@Nullable String event, String data, @Nullable String id) {
    public SseFrame {
        requireNonNull(data, "data");
    }

    /** A frame of data alone. */
    public static SseFrame of(String data) {
        return new SseFrame(null, data, null);
    }

    @Override
    public String toString() {
        return "SseFrame[event=" + event + ", chars=" + data.length() + "]";
    }
}
