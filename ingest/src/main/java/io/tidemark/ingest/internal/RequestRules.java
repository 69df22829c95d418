package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Preparation.Refused;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What an API asks of a native request: to be an object, to name a model, and what its own {@link
 * Rule rules} say, in their order. Immutable.
 */
public final class RequestRules {
    private static final Rule MODEL =
            new Rule(
                    "model",
                    model -> model.isTextual() && !model.textValue().isBlank(),
                    "must be a non-empty string");

    private final List<Rule> rules;

    private RequestRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** These rules, behind those that hold for every API. */
    public static RequestRules of(Rule... rules) {
        return new RequestRules(List.of(rules));
    }

    /**
     * Has a request prepared that keeps all rules; otherwise refuses it for the first that it
     * breaks.
     *
     * @param request the body as the caller sent it; it is not modified
     * @param preparation takes the model and a copy of the body, which is its own to change
     */
    public Preparation prepare(
            @Nullable JsonNode request, BiFunction<String, ObjectNode, Preparation> preparation) {
        if (!(request instanceof ObjectNode caller)) {
            return new Refused("request", "must be a JSON object");
        }
        if (!MODEL.keptBy(caller)) {
            return MODEL.refused();
        }
        for (var rule : rules) {
            if (!rule.keptBy(caller)) {
                return rule.refused();
            }
        }
        return preparation.apply(caller.path(MODEL.field()).textValue(), caller.deepCopy());
    }

    /**
     * What one field must be.
     *
     * @param fits whether a value, or a missing node where the field is absent, is such
     * @param message what it must be, for the caller; quotes no contents
     */
    public record Rule(String field, Predicate<JsonNode> fits, String message) {
        public Rule {
            requireNonNull(field, "field");
            requireNonNull(fits, "fits");
            requireNonNull(message, "message");
        }

        /** An array with something in it. */
        public static Rule nonEmptyArray(String field) {
            return new Rule(
                    field,
                    value -> value.isArray() && !value.isEmpty(),
                    "must be a non-empty array");
        }

        /** An object, if it is there at all and not null. */
        public static Rule objectIfAny(String field) {
            return new Rule(
                    field,
                    value -> value.isObject() || value.isMissingNode() || value.isNull(),
                    "must be an object");
        }

        private boolean keptBy(ObjectNode request) {
            return fits.test(request.path(field));
        }

        private Refused refused() {
            return new Refused("request." + field, message);
        }
    }
}
