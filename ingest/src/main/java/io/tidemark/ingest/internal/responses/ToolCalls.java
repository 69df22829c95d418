package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.jspecify.annotations.Nullable;

/** How the tool calls of the Responses API, each of its own shape, become ours. */
final class ToolCalls {
    private final DeclaredTools declared;

    /**
     * @param declared the tools that may be called
     */
    ToolCalls(DeclaredTools declared) {
        this.declared = declared;
    }

    /** The kind of lane that such a call's input is streamed in; absent if it comes whole. */
    static @Nullable LaneKind streamedInput(ItemType type) {
        return switch (type) {
            case FUNCTION_CALL, MCP_CALL -> LaneKind.JSON_INPUT;
            case CUSTOM_TOOL_CALL -> LaneKind.TEXT_INPUT;
            case CODE_INTERPRETER_CALL -> LaneKind.CODE_INPUT;
            default -> null;
        };
    }

    /** The input as the item states it; absent where it does not. */
    static @Nullable String input(ItemType type, JsonNode item) {
        return switch (type) {
            case FUNCTION_CALL, MCP_CALL, MCP_APPROVAL_REQUEST, TOOL_SEARCH_CALL ->
                    asWritten(item.path("arguments"));
            case CUSTOM_TOOL_CALL -> ProviderJson.string(item, "input");
            case CODE_INTERPRETER_CALL, PROGRAM -> ProviderJson.string(item, "code");
            case WEB_SEARCH_CALL -> search(item);
            case FILE_SEARCH_CALL -> fields(item, "queries");
            case COMPUTER_CALL -> fields(item, "action", "actions", "pending_safety_checks");
            case LOCAL_SHELL_CALL, SHELL_CALL -> asWritten(item.path("action"));
            case APPLY_PATCH_CALL -> asWritten(item.path("operation"));
            default -> null;
        };
    }

    /** The call, with this input. */
    ToolCall call(ItemState item, String input, JsonNode stated) {
        return new ToolCall(
                item.callId(),
                name(item),
                item.namespace(),
                item.serverLabel(),
                inputKind(item.type()),
                input,
                executor(item, stated),
                requiresApproval(item.type(), stated) ? true : null,
                item.type() == ItemType.PROGRAM ? ProviderJson.word(stated, "fingerprint") : null);
    }

    /** Whether enough is known of the call for whoever has to run it. */
    static boolean known(ItemState item) {
        return switch (item.type()) {
            case FUNCTION_CALL, CUSTOM_TOOL_CALL -> item.name() != null && item.callId() != null;
            default -> item.name() != null || !namesItself(item.type());
        };
    }

    private static String name(ItemState item) {
        var tool = namesItself(item.type()) ? item.name() : item.type().tool();
        return tool == null ? item.providerType() : tool;
    }

    private static boolean namesItself(ItemType type) {
        return switch (type) {
            case FUNCTION_CALL, CUSTOM_TOOL_CALL, MCP_CALL, MCP_APPROVAL_REQUEST -> true;
            default -> false;
        };
    }

    private static InputKind inputKind(ItemType type) {
        return switch (type) {
            case CUSTOM_TOOL_CALL -> InputKind.TEXT;
            case CODE_INTERPRETER_CALL, PROGRAM -> InputKind.CODE;
            default -> InputKind.JSON;
        };
    }

    /** Who runs the call. */
    Executor executor(ItemState item, JsonNode stated) {
        boolean hosted =
                switch (item.type()) {
                    case CUSTOM_TOOL_CALL -> declared.hosted(item);
                    case TOOL_SEARCH_CALL -> "server".equals(stated.path("execution").textValue());
                    case SHELL_CALL ->
                            "container_reference"
                                    .equals(stated.path("environment").path("type").textValue());
                    default -> false;
                };
        var usual = item.type().executor();
        return hosted || usual == null ? Executor.PROVIDER : usual;
    }

    private static boolean requiresApproval(ItemType type, JsonNode stated) {
        return type == ItemType.MCP_APPROVAL_REQUEST
                || (type == ItemType.COMPUTER_CALL
                        && !stated.path("pending_safety_checks").isEmpty());
    }

    /* The action holds what was found as well as what was looked for; xAI has arguments instead. */
    private static @Nullable String search(JsonNode item) {
        return item.path("action") instanceof ObjectNode action
                ? asWritten(action.deepCopy().without("sources"))
                : asWritten(item.path("arguments"));
    }

    private static @Nullable String asWritten(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isTextual() ? value.textValue() : ProviderJson.text(value);
    }

    private static @Nullable String fields(JsonNode item, String... names) {
        var input = ProviderJson.newObject();
        for (var name : names) {
            if (item.hasNonNull(name)) {
                input.set(name, item.get(name));
            }
        }
        return input.isEmpty() ? null : ProviderJson.text(input);
    }
}
