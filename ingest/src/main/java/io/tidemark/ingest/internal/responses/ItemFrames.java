package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.schemas.ItemBody.ItemStatus;

import java.util.Map;
import java.util.Optional;

/** Events about items and their parts: where they begin and end, not what they say. */
final class ItemFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.of(
                    "response.output_item.added", ItemFrames::added,
                    "response.output_item.done", ItemFrames::done,
                    "response.content_part.added", ItemFrames::partAdded,
                    "response.content_part.done", ItemFrames::partDone,
                    "response.reasoning_part.added", ItemFrames::partAdded,
                    "response.reasoning_part.done", (_, _) -> {},
                    "response.reasoning_summary_part.added", ItemFrames::summaryAdded,
                    "response.reasoning_summary_part.done", ItemFrames::summaryDone);

    private ItemFrames() {}

    private static void added(LiveResponse response, ProviderFrame frame) {
        var known = find(response, frame).filter(item -> announcedAgain(item, frame));
        if (known.isPresent()) {
            known.get().learn(frame.node("item"));
            return;
        }
        var item = start(response, frame);
        if (item.type() == ItemType.OTHER) {
            frame.passOn(response.unmapped(), item.placement());
        }
    }

    private static void done(LiveResponse response, ProviderFrame frame) {
        var stated = frame.node("item");
        var item =
                find(response, frame)
                        .filter(known -> !otherCall(known, stated))
                        .filter(known -> !known.completed() || !otherId(known, frame))
                        .orElseGet(() -> start(response, frame));
        var status = ItemReader.status(stated, ItemStatus.COMPLETED);
        response.reader().finish(item, stated, status, frame);
    }

    private static Optional<ItemState> find(LiveResponse response, ProviderFrame frame) {
        var type = ItemType.named(frame.node("item").path("type").asText());
        return response.items().find(frame, type);
    }

    private static ItemState start(LiveResponse response, ProviderFrame frame) {
        var stated = frame.node("item");
        var type = stated.path("type").asText();
        var item = response.items().open(frame, ItemType.named(type), type);
        item.learn(stated);
        item.learnAgent(frame.agent());
        response.writer().start(item);
        return item;
    }

    /*
     * An item may be announced late or twice. Another one at the same place comes from servers that
     * do not count their items: it is another item if the one there has ended, is of another type or
     * is another call.
     */
    private static boolean announcedAgain(ItemState item, ProviderFrame frame) {
        var stated = frame.node("item");
        boolean sameId = item.id() != null && item.id().equals(frame.itemId());
        boolean samePlace =
                frame.index("output_index") != null
                        && !item.completed()
                        && !otherCall(item, stated);
        return sameId || (samePlace && item.providerType().equals(stated.path("type").asText()));
    }

    private static boolean otherId(ItemState item, ProviderFrame frame) {
        var id = frame.itemId();
        return id != null && item.id() != null && !id.equals(item.id());
    }

    private static boolean otherCall(ItemState item, JsonNode stated) {
        var callId = ProviderJson.word(stated, "call_id");
        return callId != null && item.callId() != null && !callId.equals(item.callId());
    }

    private static void partAdded(LiveResponse response, ProviderFrame frame) {
        var kind = ContentParts.kind(frame.node("part"));
        if (kind == null) {
            unmapped(response, frame);
        } else {
            begin(response, frame, kind, frame.indexOrZero("content_index"));
        }
    }

    private static void partDone(LiveResponse response, ProviderFrame frame) {
        var kind = ContentParts.kind(frame.node("part"));
        if (kind == null) {
            unmapped(response, frame);
        } else {
            finish(response, frame, kind, frame.indexOrZero("content_index"));
        }
    }

    private static void summaryAdded(LiveResponse response, ProviderFrame frame) {
        begin(response, frame, LaneKind.SUMMARY, frame.indexOrZero("summary_index"));
    }

    private static void summaryDone(LiveResponse response, ProviderFrame frame) {
        finish(response, frame, LaneKind.SUMMARY, frame.indexOrZero("summary_index"));
    }

    private static void begin(
            LiveResponse response, ProviderFrame frame, LaneKind kind, int index) {
        var item = response.item(frame, ContentParts.holder(kind));
        var lane = item.parts().announced(kind, index);
        response.writer().restate(item, lane, ContentParts.text(frame.node("part")));
    }

    private static void finish(
            LiveResponse response, ProviderFrame frame, LaneKind kind, int index) {
        var part = frame.node("part");
        var item = response.item(frame, ContentParts.holder(kind));
        var lane = item.parts().stated(kind, index);
        response.writer().restate(item, lane, ContentParts.text(part));
        Citations.stated(response.writer(), item, index, part.path("annotations"));
        if ("incomplete".equals(frame.string("status"))) {
            response.writer().truncate(item, lane);
        } else {
            response.writer().close(item, lane, false);
        }
    }

    private static void unmapped(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.MESSAGE);
        var place = item.placement(frame.index("content_index"));
        frame.passOn(response.unmapped(), place);
    }
}
