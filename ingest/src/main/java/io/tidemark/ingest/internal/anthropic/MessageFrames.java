package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.Placement;

import java.util.List;

/** Events about the message as a whole, and the message that is answered whole. */
final class MessageFrames {
    /* What a caller needs to go on from here, and no event of ours can hold. */
    private static final List<String> REMARKS =
            List.of(
                    "/container",
                    "/stop_sequence",
                    "/delta/container",
                    "/delta/stop_sequence",
                    "/context_management/applied_edits",
                    "/input_transformations");

    private MessageFrames() {}

    /* It is on the wire twice at times, with the same contents. */
    static void start(LiveMessage message, MessageFrame frame) {
        if (!message.accepted()) {
            read(message, frame.node("message"), frame);
        }
    }

    static void delta(LiveMessage message, MessageFrame frame) {
        message.learnStop(frame.node("delta"));
        message.usage().learn(frame.node("usage"));
        remark(message, frame.json(), frame);
    }

    static void stop(LiveMessage message, MessageFrame frame) {
        Ending.end(message);
    }

    static void error(LiveMessage message, MessageFrame frame) {
        Ending.fail(message, ProviderError.of(frame.json()));
    }

    /** A message that does not come in pieces; nothing else may have come before it. */
    static void whole(LiveMessage message, MessageFrame frame) {
        if (!message.begun() && frame.node("content").isArray()) {
            read(message, frame.json(), frame);
            Ending.end(message);
        } else {
            message.unmapped().type(frame.type(), frame.json(), frame.chars());
        }
    }

    private static void read(LiveMessage message, JsonNode stated, MessageFrame frame) {
        message.accept(stated);
        message.learnStop(stated);
        message.usage().learn(stated.path("usage"));
        content(message, stated.path("content"), frame);
        remark(message, stated, frame);
    }

    /* What was cut off is the last block, and was a call that nobody can make. */
    private static void content(LiveMessage message, JsonNode content, MessageFrame frame) {
        boolean cut = StopReason.named(message.stopReason()).cuts();
        int left = content.size();
        for (var stated : content) {
            left--;
            var block = message.reader().begin(null, stated, frame);
            boolean call = block.type().executor() != null;
            message.reader()
                    .finish(
                            block,
                            cut && call && left == 0
                                    ? ItemStatus.INCOMPLETE
                                    : ItemStatus.COMPLETED);
        }
    }

    private static void remark(LiveMessage message, JsonNode stated, MessageFrame frame) {
        boolean some =
                REMARKS.stream()
                        .map(stated::at)
                        .anyMatch(value ->
                                (value.isContainerNode() && !value.isEmpty()) || value.isTextual());
        if (some) {
            frame.passOn(message.unmapped(), Placement.NONE);
        }
    }
}
