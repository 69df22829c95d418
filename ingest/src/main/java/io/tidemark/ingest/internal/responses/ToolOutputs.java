package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.ToolBody.ToolResult;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** What items hold of the output of tools that the provider ran. */
final class ToolOutputs {
    private ToolOutputs() {}

    /** What the tool answered; absent where the item does not say. */
    static @Nullable ToolResult result(ItemState item, JsonNode stated) {
        var error = stated.path("error");
        boolean failed = isSomething(error) || "failed".equals(stated.path("status").textValue());
        var output = isSomething(error) ? error : output(item.type(), stated);
        var tool = item.type().tool();
        if (!isSomething(output) || tool == null) {
            return null;
        }
        return new ToolResult(tool, item.callId(), output, null, false, failed ? true : null);
    }

    /** The image that was made; absent where the item holds none. */
    static @Nullable ImageSnapshot image(ItemState item, JsonNode stated) {
        var base64 = stated.path("result").textValue();
        if (item.type() != ItemType.IMAGE_GENERATION || base64 == null || base64.isEmpty()) {
            return null;
        }
        return new ImageSnapshot(imageType(stated), base64, null, null, false);
    }

    /** Media type of an image by the {@code output_format} beside it; PNG is the API's default. */
    static String imageType(JsonNode stated) {
        var format = stated.path("output_format").textValue();
        return format == null || format.isEmpty()
                ? "image/png"
                : "image/" + format.toLowerCase(Locale.ROOT);
    }

    private static JsonNode output(ItemType type, JsonNode stated) {
        return switch (type) {
            case CODE_INTERPRETER_CALL -> stated.path("outputs");
            case FILE_SEARCH_CALL -> stated.path("results");
            case WEB_SEARCH_CALL -> stated.path("action").path("sources");
            case MCP_LIST_TOOLS, TOOL_SEARCH_OUTPUT -> stated.path("tools");
            case PROGRAM_OUTPUT -> stated.path("result");
            case MCP_CALL,
                    FUNCTION_CALL_OUTPUT,
                    CUSTOM_TOOL_CALL_OUTPUT,
                    COMPUTER_CALL_OUTPUT,
                    LOCAL_SHELL_CALL_OUTPUT,
                    SHELL_CALL_OUTPUT,
                    APPLY_PATCH_CALL_OUTPUT ->
                    stated.path("output");
            default -> stated.path("");
        };
    }

    private static boolean isSomething(JsonNode value) {
        boolean emptyArray = value.isArray() && value.isEmpty();
        return !value.isMissingNode() && !value.isNull() && !emptyArray;
    }
}
