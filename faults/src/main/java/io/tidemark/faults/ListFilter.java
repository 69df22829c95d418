package io.tidemark.faults;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.StreamId;

import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A list that is asked for. Immutable.
 *
 * @param query what selects its streams; empty for all
 * @param owed whether a stream of which the log held something at a time must be in it
 * @param fits whether an entry may be in it
 */
record ListFilter(String query, BiPredicate<KnownStream, Long> owed, Predicate<JsonNode> fits) {
    private static final String IN_PROGRESS = "in_progress";

    /** Every stream there is. */
    static final ListFilter ALL = new ListFilter("", (_, _) -> true, _ -> true);

    private static final ListFilter ENDED =
            new ListFilter(
                    "status=completed,incomplete,cancelled,failed",
                    KnownStream::endedBefore,
                    entry -> !entry.path("status").asText().equals(IN_PROGRESS));

    private static final ListFilter MODEL =
            new ListFilter(
                    "model=sim-*g",
                    (_, _) -> true,
                    entry -> entry.path("requestedModel").asText().equals(StreamShape.MODEL));

    /** Draws one. */
    static ListFilter draw(Random random, KnownStreams streams) {
        var any = streams.any(random);
        int kind = random.nextInt(4);
        if (any.isEmpty() || kind == 0) {
            return ALL;
        }
        return switch (kind) {
            case 1 -> ENDED;
            case 2 -> since(any.get().id().time().toEpochMilli());
            default -> MODEL;
        };
    }

    private static ListFilter since(long time) {
        return new ListFilter(
                "since=" + time,
                (stream, _) -> stream.id().time().toEpochMilli() >= time,
                entry ->
                        StreamId.parse(entry.path("requestId").asText()).time().toEpochMilli()
                                >= time);
    }
}
