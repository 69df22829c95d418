package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/** What tools are asked, by whom they are run, and what they answer. */
public sealed interface ToolBody extends EventBody {
    /**
     * {@code tool.delta}: a piece of a tool's input.
     *
     * @param path where in the input the piece belongs; {@code json_path} only
     */
    record ToolDelta(
            @Nullable String callId, InputKind inputKind, String text, @Nullable String path)
            implements ToolBody {
        public ToolDelta {
            requireNonNull(inputKind, "inputKind");
            requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return "ToolDelta[inputKind=" + inputKind + ", chars=" + text.length() + "]";
        }
    }

    /** What a tool's input is made of. */
    enum InputKind implements WireName {
        JSON,
        TEXT,
        CODE,
        COMMAND,
        DIFF,
        JSON_PATH
    }

    /**
     * {@code tool.call}: a tool's input is whole; sent once for each call.
     *
     * @param input the whole input, as the provider spelled it
     * @param executor who runs the tool
     * @param requiresApproval whether somebody must agree before it is run
     * @param signature the provider's signature of the call; server side only
     */
    record ToolCall(
            @Nullable String callId,
            String name,
            @Nullable String namespace,
            @Nullable String serverLabel,
            InputKind inputKind,
            String input,
            Executor executor,
            @Nullable Boolean requiresApproval,
            @Nullable String signature)
            implements ToolBody {
        public ToolCall {
            requireNonNull(name, "name");
            requireNonNull(inputKind, "inputKind");
            requireNonNull(input, "input");
            requireNonNull(executor, "executor");
        }

        @Override
        public String toString() {
            return "ToolCall[name="
                    + name
                    + ", executor="
                    + executor
                    + ", chars="
                    + input.length()
                    + "]";
        }
    }

    /** Who runs a tool. */
    enum Executor implements WireName {
        CLIENT,
        PROVIDER,
        MCP
    }

    /** {@code tool.status}: progress of a tool that the provider runs. */
    record ToolStatus(String tool, @Nullable String callId, String status) implements ToolBody {
        public ToolStatus {
            requireNonNull(tool, "tool");
            requireNonNull(status, "status");
        }
    }

    /**
     * {@code tool.result}: what a tool that the provider runs answered.
     *
     * @param output any JSON; absent when there is nothing but the error flag
     * @param partial whether more of it follows
     */
    record ToolResult(
            String tool,
            @Nullable String callId,
            @Nullable JsonNode output,
            @Nullable OutputStream stream,
            boolean partial,
            @Nullable Boolean isError)
            implements ToolBody {
        public ToolResult {
            requireNonNull(tool, "tool");
            output = output == null ? null : output.deepCopy();
        }

        @Override
        public String toString() {
            return "ToolResult[tool="
                    + tool
                    + ", partial="
                    + partial
                    + ", isError="
                    + isError
                    + "]";
        }
    }

    /** Which of a command's two streams an output came from. */
    enum OutputStream implements WireName {
        STDOUT,
        STDERR
    }
}
