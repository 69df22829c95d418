package io.tidemark.ingest.internal.responses;

import static java.util.Map.entry;

import io.tidemark.ingest.internal.output.LaneKind;

import java.util.Map;

/** Events that carry what the model writes: text, refusals, reasoning, and their sources. */
final class TextFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.ofEntries(
                    entry("response.output_text.delta", delta(LaneKind.TEXT)),
                    entry("response.output_text.done", done(LaneKind.TEXT, "text")),
                    entry("response.output_text.annotation.added", TextFrames::annotation),
                    entry("response.refusal.delta", delta(LaneKind.REFUSAL)),
                    entry("response.refusal.done", done(LaneKind.REFUSAL, "refusal")),
                    entry("response.reasoning_text.delta", delta(LaneKind.REASONING)),
                    entry("response.reasoning_text.done", done(LaneKind.REASONING, "text")),
                    entry("response.reasoning_summary_text.delta", delta(LaneKind.SUMMARY)),
                    entry("response.reasoning_summary_text.done", done(LaneKind.SUMMARY, "text")));

    private TextFrames() {}

    private static FrameHandler delta(LaneKind kind) {
        return (response, frame) -> {
            var item = response.item(frame, ContentParts.holder(kind));
            var lane = item.parts().streamed(kind, partIndex(kind, frame));
            response.writer().delta(item, lane, frame.text("delta"), frame.elements("logprobs"));
        };
    }

    private static FrameHandler done(LaneKind kind, String field) {
        return (response, frame) -> {
            var item = response.item(frame, ContentParts.holder(kind));
            var lane = item.parts().stated(kind, partIndex(kind, frame));
            response.writer().restate(item, lane, frame.string(field));
            response.writer().close(item, lane, false);
        };
    }

    private static int partIndex(LaneKind kind, ProviderFrame frame) {
        return frame.indexOrZero(kind == LaneKind.SUMMARY ? "summary_index" : "content_index");
    }

    private static void annotation(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.MESSAGE);
        int contentIndex = frame.indexOrZero("content_index");
        boolean known =
                Citations.announced(
                        response.writer(),
                        item,
                        contentIndex,
                        frame.index("annotation_index"),
                        frame.node("annotation"));
        if (!known) {
            frame.passOn(response.unmapped(), item.placement(contentIndex));
        }
    }
}
