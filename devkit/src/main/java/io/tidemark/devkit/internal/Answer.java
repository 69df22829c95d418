package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Supplier;

/**
 * An answer ready to be sent: {@code Streamed}, {@code Whole}, {@code Background} or {@code
 * Refused}. Confined to one thread.
 */
sealed interface Answer {

    /** What a body that is JSON says it is. */
    String JSON = "application/json";

    /** What a body of server-sent events says it is. */
    String EVENT_STREAM = "text/event-stream";

    /**
     * A body piece by piece.
     *
     * @param frames the body
     * @param contentType of the body
     * @param reported what it used, as it says in the body
     */
    record Streamed(List<Frames> frames, String contentType, Reported reported) implements Answer {
        /** Copies the list. */
        public Streamed {
            frames = List.copyOf(frames);
        }
    }

    /**
     * A JSON body that comes at once, when a stream would have ended.
     *
     * @param body made when it is sent
     * @param tokens how many tokens it takes to say
     * @param reported what it used, as it says in the body
     */
    record Whole(Supplier<byte[]> body, long tokens, Reported reported) implements Answer {}

    /**
     * A stream that goes on whoever listens, and can be read again.
     *
     * @param response its object before it has ended
     * @param events its events, the one with the number 0 first
     * @param ended its object once the last of them was made
     * @param reported what it used, as it says in the body
     */
    record Background(
            ResponseObject response,
            List<Frames> events,
            Supplier<ObjectNode> ended,
            Reported reported)
            implements Answer {
        /** Copies the list. */
        public Background {
            events = List.copyOf(events);
        }
    }

    /** No answer but an error. */
    record Refused(ApiError error) implements Answer {}
}
