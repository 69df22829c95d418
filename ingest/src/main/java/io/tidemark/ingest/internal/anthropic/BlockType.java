package io.tidemark.ingest.internal.anthropic;

import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ToolBody.Executor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of content block, with what is the same for all blocks of a type. */
enum BlockType {
    TEXT("text", Item.MESSAGE),
    THINKING("thinking", Item.REASONING),
    REDACTED_THINKING("redacted_thinking", Item.REASONING),

    TOOL_USE("tool_use", Executor.CLIENT),
    SERVER_TOOL_USE("server_tool_use", Executor.PROVIDER),
    MCP_TOOL_USE("mcp_tool_use", Executor.MCP),

    WEB_SEARCH_RESULT("web_search_tool_result", Item.TOOL_RESULT),
    WEB_FETCH_RESULT("web_fetch_tool_result", Item.TOOL_RESULT),
    CODE_EXECUTION_RESULT("code_execution_tool_result", Item.TOOL_RESULT),
    BASH_CODE_EXECUTION_RESULT("bash_code_execution_tool_result", Item.TOOL_RESULT),
    TEXT_EDITOR_CODE_EXECUTION_RESULT("text_editor_code_execution_tool_result", Item.TOOL_RESULT),
    TOOL_SEARCH_RESULT("tool_search_tool_result", Item.TOOL_RESULT),
    MCP_RESULT("mcp_tool_result", Item.TOOL_RESULT),
    ADVISOR_RESULT("advisor_tool_result", Item.TOOL_RESULT),

    /* What these hold has no place in any event of ours, so they are passed on verbatim. */
    COMPACTION("compaction", Item.COMPACTION),
    CONTAINER_UPLOAD("container_upload", Item.OTHER),
    FALLBACK("fallback", Item.OTHER),
    MCP_TOOL_LISTING("mcp_tool_listing", Item.OTHER),

    /** Any other: announced as such, and passed on verbatim. */
    OTHER("", Item.OTHER);

    private static final String RESULT_SUFFIX = "_tool_result";

    private static final Map<String, BlockType> BY_WIRE =
            Arrays.stream(values())
                    .filter(type -> type != OTHER)
                    .collect(Collectors.toUnmodifiableMap(type -> type.wire, Function.identity()));

    private final String wire;
    private final String kind;
    private final @Nullable Executor executor;

    BlockType(String wire, String kind) {
        this.wire = wire;
        this.kind = kind;
        this.executor = null;
    }

    BlockType(String wire, Executor executor) {
        this.wire = wire;
        this.kind = Item.TOOL_CALL;
        this.executor = executor;
    }

    /** The type of that name; {@link #OTHER} for one that has no meaning here. */
    static BlockType named(String wire) {
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

    /** Who runs the call; absent for what is no call. */
    @Nullable Executor executor() {
        return executor;
    }

    /** Whether it is what a tool answered. */
    boolean result() {
        return kind.equals(Item.TOOL_RESULT);
    }

    /** Name of the tool that such a result is of, where the call that it answers is not known. */
    String tool() {
        return wire.substring(0, wire.length() - RESULT_SUFFIX.length());
    }

    /** Whether all that it holds has a meaning here. */
    boolean mapped() {
        return switch (this) {
            case COMPACTION, CONTAINER_UPLOAD, FALLBACK, MCP_TOOL_LISTING, OTHER -> false;
            default -> true;
        };
    }
}
