package io.tidemark.ingest.internal.responses;

import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ToolBody.Executor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The item types of the Responses API that have a meaning here, with what is the same for all items
 * of a type.
 */
enum ItemType {
    MESSAGE("message", Item.MESSAGE, null, null),
    REASONING("reasoning", Item.REASONING, null, null),
    COMPACTION("compaction", Item.COMPACTION, null, null),
    IMAGE_GENERATION("image_generation_call", Item.IMAGE, "image_generation", null),

    FUNCTION_CALL("function_call", Item.TOOL_CALL, null, Executor.CLIENT),
    CUSTOM_TOOL_CALL("custom_tool_call", Item.TOOL_CALL, null, Executor.CLIENT),
    COMPUTER_CALL("computer_call", Item.TOOL_CALL, "computer", Executor.CLIENT),
    LOCAL_SHELL_CALL("local_shell_call", Item.TOOL_CALL, "local_shell", Executor.CLIENT),
    SHELL_CALL("shell_call", Item.TOOL_CALL, "shell", Executor.CLIENT),
    APPLY_PATCH_CALL("apply_patch_call", Item.TOOL_CALL, "apply_patch", Executor.CLIENT),
    TOOL_SEARCH_CALL("tool_search_call", Item.TOOL_CALL, "tool_search", Executor.CLIENT),
    MCP_CALL("mcp_call", Item.TOOL_CALL, "mcp", Executor.MCP),
    MCP_APPROVAL_REQUEST("mcp_approval_request", Item.TOOL_CALL, "mcp", Executor.MCP),
    CODE_INTERPRETER_CALL(
            "code_interpreter_call", Item.TOOL_CALL, "code_interpreter", Executor.PROVIDER),
    FILE_SEARCH_CALL("file_search_call", Item.TOOL_CALL, "file_search", Executor.PROVIDER),
    WEB_SEARCH_CALL("web_search_call", Item.TOOL_CALL, "web_search", Executor.PROVIDER),
    PROGRAM("program", Item.TOOL_CALL, "program", Executor.PROVIDER),

    MCP_LIST_TOOLS("mcp_list_tools", Item.TOOL_RESULT, "mcp_list_tools", null),
    FUNCTION_CALL_OUTPUT("function_call_output", Item.TOOL_RESULT, "function", null),
    CUSTOM_TOOL_CALL_OUTPUT("custom_tool_call_output", Item.TOOL_RESULT, "custom", null),
    COMPUTER_CALL_OUTPUT("computer_call_output", Item.TOOL_RESULT, "computer", null),
    LOCAL_SHELL_CALL_OUTPUT("local_shell_call_output", Item.TOOL_RESULT, "local_shell", null),
    SHELL_CALL_OUTPUT("shell_call_output", Item.TOOL_RESULT, "shell", null),
    APPLY_PATCH_CALL_OUTPUT("apply_patch_call_output", Item.TOOL_RESULT, "apply_patch", null),
    TOOL_SEARCH_OUTPUT("tool_search_output", Item.TOOL_RESULT, "tool_search", null),
    PROGRAM_OUTPUT("program_output", Item.TOOL_RESULT, "program", null),

    /** Any other: announced as such, and passed on verbatim. */
    OTHER("", Item.OTHER, null, null);

    private static final Map<String, ItemType> BY_WIRE =
            Arrays.stream(values())
                    .filter(type -> type != OTHER)
                    .collect(Collectors.toUnmodifiableMap(type -> type.wire, Function.identity()));

    private final String wire;
    private final String kind;
    private final @Nullable String tool;
    private final @Nullable Executor executor;

    ItemType(String wire, String kind, @Nullable String tool, @Nullable Executor executor) {
        this.wire = wire;
        this.kind = kind;
        this.tool = tool;
        this.executor = executor;
    }

    /** The type of that name; {@link #OTHER} for one that has no meaning here. */
    static ItemType named(String wire) {
        return BY_WIRE.getOrDefault(wire, OTHER);
    }

    /** The provider's names of those that have a meaning here. */
    static Set<String> names() {
        return BY_WIRE.keySet();
    }

    /** The provider's name of the type. */
    String wire() {
        return wire;
    }

    /** Our name of the kind of item. */
    String kind() {
        return kind;
    }

    /** Name of the tool it is about; absent where each item names its own, or none. */
    @Nullable String tool() {
        return tool;
    }

    /** Who usually runs the call; absent for what is no call. */
    @Nullable Executor executor() {
        return executor;
    }
}
