package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolResult;

import org.jspecify.annotations.Nullable;

/**
 * Tools that the provider runs, among the parts of one candidate: what they were asked and what
 * they answered, each an item of its own. Confined to one thread.
 */
final class ToolParts {
    /** Our name of the tool that runs the model's code; the provider has none. */
    static final String CODE_EXECUTION = "code_execution";

    private final LiveGeneration live;
    private final Candidate candidate;

    /* The ids that answers without one of their own belong to. */
    private @Nullable String lastCode;
    private @Nullable String lastTool;

    ToolParts(LiveGeneration live, Candidate candidate) {
        this.live = live;
        this.candidate = candidate;
    }

    /** Whether a part of that kind has its signature in its own item. */
    static boolean signs(@Nullable String kind) {
        return switch (kind) {
            case "functionCall",
                    "executableCode",
                    "codeExecutionResult",
                    "toolCall",
                    "toolResponse",
                    "functionResponse" ->
                    true;
            case null, default -> false;
        };
    }

    void read(String kind, JsonNode part, @Nullable String signature) {
        switch (kind) {
            case "executableCode" -> code(part, signature);
            case "codeExecutionResult" -> codeResult(part, signature);
            case "toolCall" -> call(part, signature);
            case "toolResponse" -> response(part, signature);
            case "functionResponse" -> functionResponse(part, signature);
            default -> throw new IllegalArgumentException("not a tool's part: " + kind);
        }
    }

    private void code(JsonNode part, @Nullable String signature) {
        var code = ProviderJson.string(part, "code");
        lastCode =
                call(
                        "executableCode",
                        CODE_EXECUTION,
                        ProviderJson.word(part, "id"),
                        InputKind.CODE,
                        code == null ? "" : code,
                        signature);
    }

    private void codeResult(JsonNode part, @Nullable String signature) {
        var outcome = Words.stated(part, "outcome");
        boolean failed = outcome != null && !outcome.equals("OUTCOME_OK") && !outcome.equals("1");
        var id = ProviderJson.word(part, "id");
        result(
                "codeExecutionResult",
                CODE_EXECUTION,
                id == null ? lastCode : id,
                part,
                failed,
                signature);
    }

    private void call(JsonNode part, @Nullable String signature) {
        var args = part.path("args");
        lastTool =
                call(
                        "toolCall",
                        tool(part),
                        ProviderJson.word(part, "id"),
                        InputKind.JSON,
                        args.isObject() ? ProviderJson.text(args) : "{}",
                        signature);
    }

    private void response(JsonNode part, @Nullable String signature) {
        var id = ProviderJson.word(part, "id");
        var response = part.path("response");
        result("toolResponse", tool(part), id == null ? lastTool : id, response, false, signature);
    }

    /* The answer of a function that was not left to the client. */
    private void functionResponse(JsonNode part, @Nullable String signature) {
        var name = ProviderJson.word(part, "name");
        var id = candidate.calls().answered(ProviderJson.word(part, "id"), name);
        var response = part.path("response");
        result(
                "functionResponse",
                name == null ? "function" : name,
                id,
                response,
                response.hasNonNull("error"),
                signature);
    }

    private static String tool(JsonNode part) {
        var type = Words.of(part, "toolType");
        return type == null ? "tool" : type;
    }

    private String call(
            String partKind,
            String tool,
            @Nullable String id,
            InputKind inputKind,
            String input,
            @Nullable String signature) {
        var callId = id == null ? candidate.nextCallId() : id;
        var item = candidate.started(Item.TOOL_CALL, partKind, tool, callId);
        live.writer()
                .call(
                        item,
                        new ToolCall(
                                callId,
                                tool,
                                null,
                                null,
                                inputKind,
                                input,
                                Executor.PROVIDER,
                                null,
                                signature));
        candidate.completed(item, null);
        return callId;
    }

    private void result(
            String partKind,
            String tool,
            @Nullable String callId,
            JsonNode output,
            boolean failed,
            @Nullable String signature) {
        var item = candidate.started(Item.TOOL_RESULT, partKind, tool, callId);
        var said = output.isMissingNode() || output.isNull() ? null : output;
        live.out()
                .add(
                        item.placement(),
                        new ToolResult(tool, callId, said, null, false, failed ? true : null));
        candidate.completed(item, signature);
    }
}
