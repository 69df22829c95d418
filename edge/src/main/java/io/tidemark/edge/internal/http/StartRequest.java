package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Command.OnDisconnect;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code POST /v1/streams}, checked. The provider's native request inside is passed on
 * as it is, but for the model, which has to be named. Immutable.
 *
 * @param route the route that chose the provider; absent where the caller did, or nobody
 */
record StartRequest(
        String api,
        String provider,
        @Nullable String route,
        String model,
        ObjectNode request,
        OnDisconnect onDisconnect,
        Map<String, String> metadata) {
    private static final List<String> FIELDS =
            List.of("api", "provider", "request", "onDisconnect", "metadata");
    private static final int METADATA_ENTRIES_MAX = 16;
    private static final int METADATA_KEY_CHARS_MAX = 64;
    private static final int METADATA_VALUE_CHARS_MAX = 512;
    private static final int MODEL_CHARS_MAX = 256;
    private static final int NAME_CHARS_MAX = 64;

    /**
     * Takes a body apart.
     *
     * @throws ProblemException naming the first field that cannot be used
     */
    static StartRequest parse(byte[] body, Providers providers) {
        var json = object(body);
        refuseUnknownFields(json);
        var api = oneOf("api", text(json, "api"), providers.apis());
        var model = model(json);
        var choice = choice(json, api, model, providers);
        return new StartRequest(
                api,
                choice.provider(),
                choice.route(),
                model,
                (ObjectNode) json.get("request"),
                onDisconnect(json),
                metadata(json.path("metadata")));
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (Json.MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
            throw invalid("body", "the body must be a JSON object");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var where =
                    at == null ? "" : ", line " + at.getLineNr() + " column " + at.getColumnNr();
            throw invalid("body", reason(e) + where);
        } catch (IOException e) {
            throw invalid("body", "the body is not JSON in UTF-8");
        }
    }

    /* Jackson's messages quote the source, which holds a prompt. */
    private static String reason(JsonProcessingException e) {
        var message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith("Duplicate field")) {
            return "a field stands twice";
        }
        return message.startsWith("Document nesting depth") ? "nested too deeply" : "not JSON";
    }

    private static void refuseUnknownFields(ObjectNode json) {
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!FIELDS.contains(name)) {
                        throw new ProblemException(
                                Problem.invalid(cut(name), "there is no such field")
                                        .allowing(FIELDS));
                    }
                });
    }

    private static Providers.Choice choice(
            ObjectNode json, String api, String model, Providers providers) {
        if (!json.has("provider")) {
            return providers.choose(api, model);
        }
        var named = oneOf("provider", text(json, "provider"), providers.speaking(api));
        return new Providers.Choice(named, null);
    }

    private static String model(ObjectNode json) {
        var request = json.path("request");
        if (!request.isObject()) {
            throw invalid("request", "request must be an object, the provider's native body");
        }
        var model = request.path("model");
        if (!model.isTextual() || model.textValue().isBlank()) {
            throw invalid("request.model", "request.model must be a string that is not empty");
        }
        int length = model.textValue().length();
        if (length > MODEL_CHARS_MAX) {
            throw invalid(
                    "request.model",
                    "request.model has up to %d characters, found %d"
                            .formatted(MODEL_CHARS_MAX, length));
        }
        return model.textValue();
    }

    private static OnDisconnect onDisconnect(ObjectNode json) {
        if (!json.has("onDisconnect")) {
            return OnDisconnect.CONTINUE;
        }
        var policies = List.of(OnDisconnect.values());
        var names = policies.stream().map(OnDisconnect::wire).toList();
        var named = oneOf("onDisconnect", text(json, "onDisconnect"), names);
        return policies.get(names.indexOf(named));
    }

    private static Map<String, String> metadata(JsonNode json) {
        if (json.isMissingNode()) {
            return Map.of();
        }
        if (!json.isObject() || json.size() > METADATA_ENTRIES_MAX) {
            throw invalid(
                    "metadata",
                    "metadata must be an object of up to " + METADATA_ENTRIES_MAX + " strings");
        }
        var metadata = new LinkedHashMap<String, String>();
        for (var entry : json.properties()) {
            metadata.put(metadataKey(entry.getKey()), metadataValue(entry));
        }
        return metadata;
    }

    private static String metadataKey(String key) {
        if (key.isEmpty() || key.length() > METADATA_KEY_CHARS_MAX) {
            throw invalid(
                    "metadata",
                    "a key has 1 to %d characters, found %d"
                            .formatted(METADATA_KEY_CHARS_MAX, key.length()));
        }
        return key;
    }

    private static String metadataValue(Map.Entry<String, JsonNode> entry) {
        var value = entry.getValue();
        if (!value.isTextual() || value.textValue().length() > METADATA_VALUE_CHARS_MAX) {
            throw invalid(
                    "metadata." + cut(entry.getKey()),
                    "a value is a string of up to " + METADATA_VALUE_CHARS_MAX + " characters");
        }
        return value.textValue();
    }

    private static String text(ObjectNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw invalid(
                    field,
                    value.isMissingNode() ? field + " is missing" : field + " must be a string");
        }
        return value.textValue();
    }

    private static String oneOf(String field, String found, List<String> allowed) {
        if (!allowed.contains(found)) {
            throw new ProblemException(
                    Problem.invalid(field, field + " is not one that is known here")
                            .allowing(allowed));
        }
        return found;
    }

    private static String cut(String name) {
        return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX);
    }

    private static ProblemException invalid(String field, String detail) {
        return new ProblemException(Problem.invalid(field, detail));
    }

    /** Sizes only: the request holds prompts. */
    @Override
    public String toString() {
        return "StartRequest[api="
                + api
                + ", provider="
                + provider
                + ", requestFields="
                + request.size()
                + ", metadata="
                + metadata.size()
                + "]";
    }
}
