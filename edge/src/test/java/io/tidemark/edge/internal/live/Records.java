package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** Records as they stand in the log, made by hand. */
final class Records {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));

    private Records() {}

    static StreamId id(long seed) {
        return StreamId.mint(CLOCK, new Random(seed), 0);
    }

    static StreamId oldId(long seed) {
        return StreamId.mint(InstantSource.fixed(Instant.ofEpochMilli(5)), new Random(seed), 0);
    }

    static EventRecord.Entry entry(StreamId id, int attempt, long sequence, String type) {
        return entry(id, attempt, sequence, type, "{\"n\":" + sequence + ",\"a\":" + attempt + "}");
    }

    static EventRecord.Entry entry(
            StreamId id, int attempt, long sequence, String type, String json) {
        return new EventRecord.Entry(
                id,
                new EventHeaders(type, sequence, new Attempt(0, attempt), null),
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a stream whose readers matter to whoever writes it. */
    static EventRecord.Entry heeded(StreamId id, long sequence, String type) {
        var entry = entry(id, 1, sequence, type);
        var headers = new EventHeaders(type, sequence, new Attempt(0, 1), null, true, null);
        return new EventRecord.Entry(id, headers, entry.value());
    }

    static EventRecord.Entry delta(StreamId id, int attempt, long sequence) {
        return entry(id, attempt, sequence, "text.delta");
    }

    static EventRecord.Entry terminal(StreamId id, int attempt, long sequence) {
        return entry(id, attempt, sequence, "stream.completed");
    }

    static Seen.Event seen(EventRecord.Entry entry, long offset) {
        return new Seen.Event(entry.headers(), FrameEncoder.encode(entry, offset, 0));
    }
}
