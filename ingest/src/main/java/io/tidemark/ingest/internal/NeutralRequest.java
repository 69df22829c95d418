package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * A request in no provider's dialect, for callers who do not care which one answers: what all of
 * them can do, in the words of {@code docs/protocol.md}. Immutable.
 *
 * @param messages the conversation so far; at least one
 * @param maxOutputTokens most tokens of the answer; absent leaves it to the provider
 * @param temperature 0 to 1; absent leaves it to the provider
 * @param tools what the model may call; empty for none
 */
public record NeutralRequest(
        String model,
        List<Message> messages,
        @Nullable Integer maxOutputTokens,
        @Nullable BigDecimal temperature,
        List<Tool> tools) {
    public NeutralRequest {
        requireNonNull(model, "model");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** What the body says, or what is wrong with it. */
    static Reading read(ObjectNode body) {
        return NeutralReader.read(body);
    }

    /** What came of reading a body. */
    public sealed interface Reading {}

    /** It can be asked. */
    record Read(NeutralRequest request) implements Reading {}

    /**
     * It cannot.
     *
     * @param field dotted path of the field that is wrong, from {@code request}
     * @param message what is wrong with it; quotes no contents
     */
    record Unreadable(String field, String message) implements Reading {}

    /** The instructions, without the conversation; empty if there are none. */
    public String system() {
        return String.join(
                "\n\n",
                messages.stream()
                        .filter(message -> message.role() == Role.SYSTEM)
                        .map(Message::text)
                        .toList());
    }

    /** The conversation, without the instructions. */
    public List<Message> conversation() {
        return messages.stream().filter(message -> message.role() != Role.SYSTEM).toList();
    }

    /** Who says something. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        /** A tool that answers a call. */
        TOOL
    }

    /**
     * One turn.
     *
     * @param parts what is said, in order; empty only where calls are made
     * @param calls what the assistant called
     * @param callId which call a tool answers; present for tools only
     */
    public record Message(Role role, List<Part> parts, List<Call> calls, @Nullable String callId) {
        public Message {
            requireNonNull(role, "role");
            parts = List.copyOf(parts);
            calls = List.copyOf(calls);
        }

        /** The text of all its parts. */
        public String text() {
            var text = new StringBuilder();
            for (var part : parts) {
                if (part instanceof Part.Text(var piece)) {
                    text.append(piece);
                }
            }
            return text.toString();
        }

        /** Whether it is text and nothing else. */
        public boolean plain() {
            return parts.stream().allMatch(Part.Text.class::isInstance);
        }

        /** The call that a tool answers. */
        public String answeredCall() {
            return requireNonNull(callId, "callId");
        }

        @Override
        public String toString() {
            return "Message[role=" + role + ", parts=" + parts.size() + "]";
        }
    }

    /** A part of what is said. */
    public sealed interface Part {
        /** Text. */
        record Text(String text) implements Part {
            @Override
            public String toString() {
                return "Text[chars=" + text.length() + "]";
            }
        }

        /** An image that the provider fetches itself. */
        record ImageUrl(String url) implements Part {
            @Override
            public String toString() {
                return "ImageUrl[]";
            }
        }

        /** An image that is in the request. */
        record ImageData(String mimeType, String base64) implements Part {
            /** The same as a URL (RFC 2397). */
            public String dataUrl() {
                return "data:" + mimeType + ";base64," + base64;
            }

            @Override
            public String toString() {
                return "ImageData[mimeType=" + mimeType + ", chars=" + base64.length() + "]";
            }
        }
    }

    /**
     * A call that the assistant made.
     *
     * @param input a JSON object as text
     */
    public record Call(String callId, String name, String input) {
        @Override
        public String toString() {
            return "Call[name=" + name + ", chars=" + input.length() + "]";
        }
    }

    /**
     * A tool.
     *
     * @param parameters JSON Schema of its input
     */
    public record Tool(String name, @Nullable String description, ObjectNode parameters) {
        @Override
        public String toString() {
            return "Tool[name=" + name + "]";
        }
    }

    @Override
    public String toString() {
        return "NeutralRequest[model=%s, messages=%d, tools=%d]"
                .formatted(model, messages.size(), tools.size());
    }
}
