package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.edge.internal.access.Scope;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The body of {@code POST /v1/streams/{id}/capabilities}, checked. Immutable.
 *
 * @param scope what the capability is to be good for
 * @param lifetime for how long
 */
record CapabilityRequest(Scope scope, Duration lifetime) {
    private static final List<String> FIELDS = List.of("scope", "lifetimeMs");
    private static final long LIFETIME_MS_MIN = 1_000;

    /**
     * Takes a body apart; one without bytes asks for nothing in particular.
     *
     * @param max longest lifetime, and the one that is had without asking
     * @throws ProblemException naming the first field that cannot be used
     */
    static CapabilityRequest parse(byte[] body, Duration max) {
        var json = body.length == 0 ? Json.MAPPER.createObjectNode() : object(body);
        for (var field : json.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw new ProblemException(
                        Problem.invalid("body", "there is a field that is not known")
                                .allowing(FIELDS));
            }
        }
        return new CapabilityRequest(scope(json.path("scope")), lifetime(json, max));
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (Json.MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new ProblemException(Problem.invalid("body", "the body is not JSON"));
        }
        throw new ProblemException(Problem.invalid("body", "the body must be a JSON object"));
    }

    private static Scope scope(JsonNode json) {
        if (json.isMissingNode()) {
            return Scope.READ;
        }
        for (var scope : Scope.values()) {
            if (scope.wire().equals(json.textValue())) {
                return scope;
            }
        }
        throw new ProblemException(
                Problem.invalid("scope", "scope is not one that is known here")
                        .allowing(Arrays.stream(Scope.values()).map(Scope::wire).toList()));
    }

    private static Duration lifetime(ObjectNode json, Duration max) {
        var lifetime = json.path("lifetimeMs");
        if (lifetime.isMissingNode()) {
            return max;
        }
        boolean whole = lifetime.isIntegralNumber() && lifetime.canConvertToLong();
        if (!whole
                || lifetime.longValue() < LIFETIME_MS_MIN
                || lifetime.longValue() > max.toMillis()) {
            throw new ProblemException(
                    Problem.invalid(
                            "lifetimeMs",
                            "lifetimeMs must be a whole number, %d to %d"
                                    .formatted(LIFETIME_MS_MIN, max.toMillis())));
        }
        return Duration.ofMillis(lifetime.longValue());
    }
}
