package io.tidemark.ingest.internal.responses;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.schemas.ToolBody.OutputStream;
import io.tidemark.schemas.ToolBody.ToolResult;

import java.util.Map;

/** Events that carry what tools are asked and what they answer. */
final class ToolFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.ofEntries(
                    entry(
                            "response.function_call_arguments.delta",
                            delta(ItemType.FUNCTION_CALL, input(ItemType.FUNCTION_CALL))),
                    entry(
                            "response.function_call_arguments.done",
                            whole(ItemType.FUNCTION_CALL, "arguments")),
                    entry(
                            "response.custom_tool_call_input.delta",
                            delta(ItemType.CUSTOM_TOOL_CALL, input(ItemType.CUSTOM_TOOL_CALL))),
                    entry(
                            "response.custom_tool_call_input.done",
                            whole(ItemType.CUSTOM_TOOL_CALL, "input")),
                    entry(
                            "response.mcp_call_arguments.delta",
                            delta(ItemType.MCP_CALL, input(ItemType.MCP_CALL))),
                    entry(
                            "response.mcp_call_arguments.done",
                            whole(ItemType.MCP_CALL, "arguments")),
                    entry(
                            "response.code_interpreter_call_code.delta",
                            delta(
                                    ItemType.CODE_INTERPRETER_CALL,
                                    input(ItemType.CODE_INTERPRETER_CALL))),
                    entry(
                            "response.code_interpreter_call_code.done",
                            whole(ItemType.CODE_INTERPRETER_CALL, "code")),
                    entry(
                            "response.shell_call_command.added",
                            stated(ItemType.SHELL_CALL, ToolFrames::command, "command")),
                    entry(
                            "response.shell_call_command.delta",
                            delta(ItemType.SHELL_CALL, ToolFrames::command)),
                    entry(
                            "response.shell_call_command.done",
                            done(ItemType.SHELL_CALL, ToolFrames::command, "command")),
                    entry("response.shell_call_output_content.delta", ToolFrames::outputDelta),
                    entry("response.shell_call_output_content.done", ToolFrames::outputDone),
                    entry(
                            "response.apply_patch_call_operation_diff.delta",
                            delta(ItemType.APPLY_PATCH_CALL, ToolFrames::diff)),
                    entry(
                            "response.apply_patch_call_operation_diff.done",
                            done(ItemType.APPLY_PATCH_CALL, ToolFrames::diff, "diff")));

    private ToolFrames() {}

    /** Which of an item's lanes an event speaks of. */
    private interface LaneChoice {
        LaneState lane(ItemState item, ProviderFrame frame);
    }

    private static LaneChoice input(ItemType assumed) {
        return (item, _) -> {
            var kind = ToolCalls.streamedInput(item.type());
            var lane = kind == null ? ToolCalls.streamedInput(assumed) : kind;
            return item.lanes().input(lane == null ? LaneKind.JSON_INPUT : lane);
        };
    }

    private static LaneState command(ItemState item, ProviderFrame frame) {
        return item.lanes().lane(LaneKind.COMMAND_INPUT, frame.indexOrZero("command_index"));
    }

    private static LaneState diff(ItemState item, ProviderFrame frame) {
        return item.lanes().input(LaneKind.DIFF_INPUT);
    }

    private static FrameHandler delta(ItemType type, LaneChoice choice) {
        return (response, frame) -> {
            var item = response.item(frame, type);
            response.writer().delta(item, choice.lane(item, frame), frame.text("delta"), null);
        };
    }

    private static FrameHandler stated(ItemType type, LaneChoice choice, String field) {
        return (response, frame) -> {
            var item = response.item(frame, type);
            response.writer().restate(item, choice.lane(item, frame), frame.string(field));
        };
    }

    private static FrameHandler done(ItemType type, LaneChoice choice, String field) {
        return (response, frame) -> {
            var item = response.item(frame, type);
            var lane = choice.lane(item, frame);
            response.writer().restate(item, lane, frame.string(field));
            response.writer().close(item, lane, false);
        };
    }

    /* Without the tool's name, the call's id or any input it is no call yet: the item's end is. */
    private static FrameHandler whole(ItemType type, String field) {
        var choice = input(type);
        return (response, frame) -> {
            var item = response.item(frame, type);
            item.learnName(frame.word("name"));
            var lane = choice.lane(item, frame);
            response.writer().restate(item, lane, frame.string(field));
            var stated = frame.word(field);
            var input = stated == null ? lane.input() : stated;
            if (input != null && !input.isEmpty() && ToolCalls.known(item)) {
                var call = response.calls().call(item, input, ProviderJson.newObject());
                response.writer().call(item, call);
            }
        };
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
