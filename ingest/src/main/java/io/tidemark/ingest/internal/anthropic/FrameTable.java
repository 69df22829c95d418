package io.tidemark.ingest.internal.anthropic;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/**
 * Which handler reads which type of event: the mapping of {@code docs/protocol.md} for the Messages
 * API. Immutable.
 */
final class FrameTable {
    /** The provider failed. */
    static final String ERROR = "error";

    /** Type of a whole answer; no event of a stream. */
    static final String MESSAGE = "message";

    private static final Map<String, FrameHandler> HANDLERS =
            Map.ofEntries(
                    entry("message_start", MessageFrames::start),
                    entry("message_delta", MessageFrames::delta),
                    entry("message_stop", MessageFrames::stop),
                    entry("content_block_start", BlockFrames::start),
                    entry("content_block_delta", BlockFrames::delta),
                    entry("content_block_stop", BlockFrames::stop),
                    entry("ping", (_, _) -> {}),
                    entry(ERROR, MessageFrames::error),
                    entry(MESSAGE, MessageFrames::whole));

    private FrameTable() {}

    /** What one type of event does to a message. */
    @FunctionalInterface
    interface FrameHandler {
        void handle(LiveMessage message, MessageFrame frame);
    }

    /** Has the frame handled; one of a type that is not in the table is passed on verbatim. */
    static void handle(LiveMessage message, MessageFrame frame) {
        var handler = HANDLERS.get(frame.type());
        if (handler == null) {
            message.unmapped().type(frame.type(), frame.json(), frame.chars());
        } else {
            handler.handle(message, frame);
        }
    }

    /** All types in the table. */
    static Set<String> types() {
        return HANDLERS.keySet();
    }
}
