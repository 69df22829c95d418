package io.tidemark.ingest.internal.openai;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ToolBody.OutputStream;
import io.tidemark.schemas.ToolBody.ToolResult;

import java.util.Map;

/** Events that carry what tools are asked and what they answer. */
final class ToolFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.ofEntries(
                    entry("response.function_call_arguments.delta", delta(ItemType.FUNCTION_CALL)),
                    entry(
                            "response.function_call_arguments.done",
                            done(ItemType.FUNCTION_CALL, "arguments")),
                    entry(
                            "response.custom_tool_call_input.delta",
                            delta(ItemType.CUSTOM_TOOL_CALL)),
                    entry(
                            "response.custom_tool_call_input.done",
                            done(ItemType.CUSTOM_TOOL_CALL, "input")),
                    entry("response.mcp_call_arguments.delta", delta(ItemType.MCP_CALL)),
                    entry("response.mcp_call_arguments.done", done(ItemType.MCP_CALL, "arguments")),
                    entry(
                            "response.code_interpreter_call_code.delta",
                            delta(ItemType.CODE_INTERPRETER_CALL)),
                    entry(
                            "response.code_interpreter_call_code.done",
                            done(ItemType.CODE_INTERPRETER_CALL, "code")),
                    entry("response.shell_call_command.added", ToolFrames::commandStated),
                    entry("response.shell_call_command.delta", ToolFrames::commandDelta),
                    entry("response.shell_call_command.done", ToolFrames::commandDone),
                    entry("response.shell_call_output_content.delta", ToolFrames::outputDelta),
                    entry("response.shell_call_output_content.done", ToolFrames::outputDone),
                    entry("response.apply_patch_call_operation_diff.delta", ToolFrames::diffDelta),
                    entry("response.apply_patch_call_operation_diff.done", ToolFrames::diffDone));

    private ToolFrames() {}

    private static LaneState input(ItemState item, ItemType assumed) {
        var kind = ToolCalls.streamedInput(item.type());
        var lane = kind == null ? ToolCalls.streamedInput(assumed) : kind;
        return item.lanes().input(lane == null ? LaneKind.JSON_INPUT : lane);
    }

    private static FrameHandler delta(ItemType type) {
        return (response, frame) -> {
            var item = response.item(frame, type);
            response.writer().delta(item, input(item, type), frame.text("delta"), null);
        };
    }

    /* Without the tool's name, the call's id or any input there is no call yet: the item's end brings them. */
    private static FrameHandler done(ItemType type, String field) {
        return (response, frame) -> {
            var item = response.item(frame, type);
            item.learnName(frame.word("name"));
            var lane = input(item, type);
            response.writer().restate(item, lane, frame.string(field));
            var stated = frame.word(field);
            var input = stated == null ? lane.input() : stated;
            if (!input.isEmpty() && ToolCalls.known(item)) {
                var call = response.calls().call(item, input, ProviderJson.newObject());
                response.writer().call(item, call);
            }
        };
    }

    private static LaneState command(ItemState item, ProviderFrame frame) {
        return item.lanes().lane(LaneKind.COMMAND_INPUT, frame.indexOrZero("command_index"));
    }

    private static void commandStated(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.SHELL_CALL);
        response.writer().restate(item, command(item, frame), frame.string("command"));
    }

    private static void commandDelta(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.SHELL_CALL);
        response.writer().delta(item, command(item, frame), frame.text("delta"), null);
    }

    private static void commandDone(LiveResponse response, ProviderFrame frame) {
        commandStated(response, frame);
        var item = response.item(frame, ItemType.SHELL_CALL);
        response.writer().close(item, command(item, frame), false);
    }

    private static void diffDelta(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.APPLY_PATCH_CALL);
        var lane = item.lanes().input(LaneKind.DIFF_INPUT);
        response.writer().delta(item, lane, frame.text("delta"), null);
    }

    private static void diffDone(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.APPLY_PATCH_CALL);
        var lane = item.lanes().input(LaneKind.DIFF_INPUT);
        response.writer().restate(item, lane, frame.string("diff"));
        response.writer().close(item, lane, false);
    }

    private static void outputDelta(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.SHELL_CALL_OUTPUT);
        for (var stream : OutputStream.values()) {
            var text = ProviderJson.word(frame.node("delta"), stream.wire());
            if (text != null) {
                response.out()
                        .add(
                                item.placement(frame.indexOrZero("command_index")),
                                new ToolResult(
                                        "shell",
                                        item.callId(),
                                        TextNode.valueOf(text),
                                        stream,
                                        true,
                                        null));
            }
        }
    }

    private static void outputDone(LiveResponse response, ProviderFrame frame) {
        var item = response.item(frame, ItemType.SHELL_CALL_OUTPUT);
        item.markOutputSent();
        response.out()
                .add(
                        item.placement(frame.indexOrZero("command_index")),
                        new ToolResult(
                                "shell",
                                item.callId(),
                                frame.json().get("output"),
                                null,
                                false,
                                null));
    }
}
