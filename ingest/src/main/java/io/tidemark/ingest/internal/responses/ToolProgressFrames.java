package io.tidemark.ingest.internal.responses;

import io.tidemark.schemas.DeltaBody.ImageSnapshot;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events that tell how far a tool of the provider's has come, images in the making included. */
final class ToolProgressFrames {
    static final Map<String, FrameHandler> TABLE = table();

    private ToolProgressFrames() {}

    private static Map<String, FrameHandler> table() {
        var table = new TreeMap<String, FrameHandler>();
        statuses(table, "mcp_call", ItemType.MCP_CALL, "in_progress", "completed", "failed");
        statuses(
                table,
                "mcp_list_tools",
                ItemType.MCP_LIST_TOOLS,
                "in_progress",
                "completed",
                "failed");
        statuses(
                table,
                "file_search_call",
                ItemType.FILE_SEARCH_CALL,
                "in_progress",
                "searching",
                "completed");
        statuses(
                table,
                "web_search_call",
                ItemType.WEB_SEARCH_CALL,
                "in_progress",
                "searching",
                "completed");
        statuses(
                table,
                "code_interpreter_call",
                ItemType.CODE_INTERPRETER_CALL,
                "in_progress",
                "interpreting",
                "completed");
        statuses(
                table,
                "image_generation_call",
                ItemType.IMAGE_GENERATION,
                "in_progress",
                "generating",
                "completed");
        table.put("response.image_generation_call.partial_image", ToolProgressFrames::partialImage);
        return Map.copyOf(table);
    }

    private static void statuses(
            Map<String, FrameHandler> table, String family, ItemType type, String... statuses) {
        for (var status : List.of(statuses)) {
            table.put("response." + family + "." + status, status(type, status));
        }
    }

    private static FrameHandler status(ItemType type, String status) {
        var tool = type.tool() == null ? type.wire() : type.tool();
        return (response, frame) ->
                response.writer().toolStatus(response.item(frame, type), tool, status);
    }

    /* The image's own number is that of the draft, not of the image: each replaces the one before. */
    private static void partialImage(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.IMAGE_GENERATION);
        var base64 = frame.word("partial_image_b64");
        if (base64 == null) {
            return;
        }
        response.out()
                .add(
                        item.placement(),
                        new ImageSnapshot(
                                ToolOutputs.imageType(frame.json()), base64, null, null, true));
    }
}
