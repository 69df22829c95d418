package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest.Call;
import io.tidemark.ingest.internal.NeutralRequest.Message;
import io.tidemark.ingest.internal.NeutralRequest.Part;
import io.tidemark.ingest.internal.NeutralRequest.Reading;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.NeutralRequest.Tool;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a {@link NeutralRequest}: strictly, because a field that is passed over in silence would
 * change what is asked. Stateless.
 */
final class NeutralReader {
    /* The range that all providers have in common. */
    private static final BigDecimal TEMPERATURE_MAX = BigDecimal.ONE;

    private NeutralReader() {}

    static Reading read(ObjectNode body) {
        try {
            return new NeutralRequest.Read(request(body));
        } catch (Wrong e) {
            return new NeutralRequest.Unreadable(e.field, String.valueOf(e.getMessage()));
        }
    }

    private static NeutralRequest request(ObjectNode body) {
        allow(
                "request",
                body,
                "model",
                "input",
                "messages",
                "maxOutputTokens",
                "temperature",
                "tools");
        return new NeutralRequest(
                text("request", body, "model"),
                messages(body),
                maxOutputTokens(body),
                temperature(body),
                tools(body));
    }

    private static List<Message> messages(ObjectNode body) {
        if (body.has("input") == body.has("messages")) {
            throw new Wrong("request.input", "or messages must be given, and not both");
        }
        if (body.has("input")) {
            var said = new Part.Text(text("request", body, "input"));
            return List.of(new Message(Role.USER, List.of(said), List.of(), null));
        }
        var messages = new ArrayList<Message>();
        for (var message : elements("request.messages", body.get("messages"))) {
            messages.add(message("request.messages[" + messages.size() + "]", message));
        }
        if (messages.stream().allMatch(message -> message.role() == Role.SYSTEM)) {
            throw new Wrong("request.messages", "must hold more than instructions");
        }
        return messages;
    }

    private static Message message(String at, ObjectNode json) {
        var role = role(at, json);
        switch (role) {
            case ASSISTANT -> allow(at, json, "role", "content", "toolCalls");
            case TOOL -> allow(at, json, "role", "content", "callId");
            case SYSTEM, USER -> allow(at, json, "role", "content");
        }
        var calls = json.has("toolCalls") ? calls(at, json) : List.<Call>of();
        boolean silent = !calls.isEmpty() && !json.has("content");
        var parts = silent ? List.<Part>of() : parts(at, json.path("content"), role);
        return new Message(role, parts, calls, role == Role.TOOL ? text(at, json, "callId") : null);
    }

    private static Role role(String at, ObjectNode json) {
        return switch (json.path("role").asText()) {
            case "system" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> throw new Wrong(at + ".role", "must be system, user, assistant or tool");
        };
    }

    private static List<Part> parts(String at, JsonNode content, Role role) {
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        var parts = new ArrayList<Part>();
        for (var part : elements(at + ".content", content)) {
            parts.add(part(at + ".content[" + parts.size() + "]", part, role));
        }
        return parts;
    }

    private static Part part(String at, ObjectNode json, Role role) {
        var type = json.path("type").asText();
        if (type.equals("text")) {
            allow(at, json, "type", "text");
            return new Part.Text(text(at, json, "text"));
        }
        if (type.equals("image") && role == Role.USER) {
            allow(at, json, "type", "url", "mimeType", "base64");
            return json.has("url")
                    ? new Part.ImageUrl(text(at, json, "url"))
                    : new Part.ImageData(text(at, json, "mimeType"), text(at, json, "base64"));
        }
        throw new Wrong(
                at + ".type",
                role == Role.USER ? "must be text or image" : "must be text in such a message");
    }

    private static List<Call> calls(String at, ObjectNode json) {
        var calls = new ArrayList<Call>();
        for (var call : elements(at + ".toolCalls", json.get("toolCalls"))) {
            var place = at + ".toolCalls[" + calls.size() + "]";
            allow(place, call, "callId", "name", "input");
            var input = text(place, call, "input");
            if (ProviderJson.object(input).isEmpty()) {
                throw new Wrong(place + ".input", "must be a JSON object, as text");
            }
            calls.add(new Call(text(place, call, "callId"), text(place, call, "name"), input));
        }
        return calls;
    }

    private static @Nullable Integer maxOutputTokens(ObjectNode body) {
        if (!body.has("maxOutputTokens")) {
            return null;
        }
        var max = ProviderJson.index(body, "maxOutputTokens");
        if (max == null || max == 0) {
            throw new Wrong("request.maxOutputTokens", "must be a whole number from 1");
        }
        return max;
    }

    private static @Nullable BigDecimal temperature(ObjectNode body) {
        if (!body.has("temperature")) {
            return null;
        }
        var value = body.get("temperature");
        var number = value.isNumber() ? value.decimalValue() : BigDecimal.valueOf(-1);
        if (number.signum() < 0 || number.compareTo(TEMPERATURE_MAX) > 0) {
            throw new Wrong("request.temperature", "must be a number from 0 to 1");
        }
        return number;
    }

    private static List<Tool> tools(ObjectNode body) {
        if (!body.has("tools")) {
            return List.of();
        }
        var tools = new ArrayList<Tool>();
        for (var tool : elements("request.tools", body.get("tools"))) {
            var at = "request.tools[" + tools.size() + "]";
            allow(at, tool, "name", "description", "parameters");
            if (!(tool.path("parameters") instanceof ObjectNode parameters)) {
                throw new Wrong(at + ".parameters", "must be a JSON Schema");
            }
            var description = tool.has("description") ? text(at, tool, "description") : null;
            tools.add(new Tool(text(at, tool, "name"), description, parameters));
        }
        return tools;
    }

    private static List<ObjectNode> elements(String at, JsonNode array) {
        if (!array.isArray() || array.isEmpty()) {
            throw new Wrong(at, "must be an array that is not empty");
        }
        var elements = new ArrayList<ObjectNode>();
        for (var element : array) {
            if (!(element instanceof ObjectNode object)) {
                throw new Wrong(at + "[" + elements.size() + "]", "must be an object");
            }
            elements.add(object);
        }
        return elements;
    }

    private static String text(String at, ObjectNode json, String field) {
        var value = json.path(field);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new Wrong(at + "." + field, "must be a string that is not empty");
        }
        return value.textValue();
    }

    private static void allow(String at, ObjectNode json, String... fields) {
        var allowed = List.of(fields);
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!allowed.contains(name)) {
                        throw new Wrong(
                                at + "." + shown(name),
                                "is no field of this form; there are " + allowed);
                    }
                });
    }

    /* A field's name is the caller's own text. */
    private static String shown(String name) {
        var plain = name.toLowerCase(Locale.ROOT).matches("[a-z0-9_-]{1,40}");
        return plain ? name : "?";
    }

    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String field;

        Wrong(String field, String message) {
            super(message, null, false, false);
            this.field = field;
        }
    }
}
