package io.tidemark.schemas;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Where a record class and what a schema says of it are not the same: fields of one that the other
 * has not, whether they may be absent, their types. Each problem says what to do about it.
 */
final class SchemaDrift {
    private static final Set<Class<?>> TEXTS = Set.of(String.class, StreamId.class, Amount.class);
    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, BigInteger.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, Double.class, BigDecimal.class);

    private final String file;
    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private SchemaDrift(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * The problems of a record and the whole of a schema, or a part of it.
     *
     * @param part the part of the schema that speaks of the record
     * @param elsewhere fields of the record that another part of the schema speaks of
     * @param further fields of the schema that are no part of the record
     */
    static List<String> between(
            Class<?> record,
            ShippedSchema schema,
            JsonNode part,
            Set<String> elsewhere,
            Set<String> further) {
        var drift = new SchemaDrift(schema.file(), schema.json());
        drift.compare(record, part, elsewhere, further);
        return drift.problems;
    }

    static List<String> between(Class<?> record, ShippedSchema schema) {
        return between(record, schema, schema.json(), Set.of(), Set.of());
    }

    private void compare(
            Class<?> record, JsonNode schema, Set<String> elsewhere, Set<String> further) {
        var of = record.getName().substring(record.getPackageName().length() + 1);
        var required =
                StreamSupport.stream(schema.path("required").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(toCollection(TreeSet::new));
        var properties = schema.path("properties");
        var left = new TreeSet<String>();
        properties.fieldNames().forEachRemaining(left::add);
        for (var field : record.getRecordComponents()) {
            var name = field.getName();
            if (elsewhere.contains(name)) {
                continue;
            }
            if (!left.remove(name)) {
                problem(
                        "%s.%s is not in the schema: add \"%2$s\" to the properties%s"
                                .formatted(of, name, optional(field) ? "" : " and to required"));
                continue;
            }
            if (optional(field) == required.contains(name)) {
                problem(
                        "%s.%s %s: %s \"%2$s\" %s required"
                                .formatted(
                                        of,
                                        name,
                                        optional(field) ? "may be absent" : "is never absent",
                                        optional(field) ? "take" : "add",
                                        optional(field) ? "out of" : "to"));
            }
            compareType(of + "." + name, field.getGenericType(), properties.get(name));
        }
        left.removeAll(further);
        left.forEach(name ->
                problem(
                        "the schema has \"%s\", and %s has no such field: take it out, or add the field"
                                .formatted(name, of)));
    }

    private void problem(String message) {
        problems.add(file + ": " + message);
    }

    private static boolean optional(RecordComponent field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private void compareType(String of, Type type, JsonNode declared) {
        var schema = resolved(of, declared);
        switch (type) {
            case Class<?> record when isObject(record) -> {
                expectType(of, "object", schema);
                compare(record, schema, Set.of(), Set.of());
            }
            case Class<?> constants when constants.isEnum() -> {
                expectType(of, "string", schema);
                expectValues(of, constants, schema);
            }
            case Class<?> plain -> expectPlain(of, plain, schema);
            case ParameterizedType list when list.getRawType() == List.class -> {
                expectType(of, "array", schema);
                compareType(of + "[]", list.getActualTypeArguments()[0], schema.path("items"));
            }
            case ParameterizedType map when map.getRawType() == Map.class -> {
                expectType(of, "object", schema);
                compareType(
                        of + "{}",
                        map.getActualTypeArguments()[1],
                        schema.path("additionalProperties"));
            }
            default -> throw new AssertionError(of + " has a type that no schema is known for");
        }
    }

    /* Some records are spelled as a text or a list. */
    private static boolean isObject(Class<?> type) {
        return type.isRecord() && !TEXTS.contains(type) && !isList(type);
    }

    private static boolean isList(Class<?> type) {
        var format = type.getAnnotation(JsonFormat.class);
        return format != null && format.shape() == JsonFormat.Shape.ARRAY;
    }

    private JsonNode resolved(String of, JsonNode schema) {
        var reference = schema.path("$ref").asText();
        if (reference.isEmpty()) {
            return schema;
        }
        var found = root.at(reference.substring(1));
        if (!reference.startsWith("#/") || found.isMissingNode()) {
            problem("%s refers to %s, which is not there".formatted(of, reference));
        }
        return found;
    }

    private void expectPlain(String of, Class<?> type, JsonNode schema) {
        if (TEXTS.contains(type)) {
            expectType(of, "string", schema);
        } else if (WHOLE_NUMBERS.contains(type)) {
            expectType(of, "integer", schema);
        } else if (NUMBERS.contains(type)) {
            expectType(of, "number", schema);
        } else if (type == boolean.class || type == Boolean.class) {
            expectType(of, "boolean", schema);
        } else if (type == ObjectNode.class) {
            expectType(of, "object", schema);
        } else if (type == ArrayNode.class || isList(type)) {
            expectType(of, "array", schema);
        } else if (type == JsonNode.class) {
            if (schema.has("type") && !of.endsWith("[]")) {
                problem("%s is any JSON: take out its type".formatted(of));
            }
        } else {
            throw new AssertionError(of + " has a type that no schema is known for: " + type);
        }
    }

    private void expectType(String of, String type, JsonNode schema) {
        var found = schema.path("type").asText("none");
        if (!found.equals(type)) {
            problem("%s is of the type %s, and the schema says %s".formatted(of, type, found));
        }
    }

    private void expectValues(String of, Class<?> constants, JsonNode schema) {
        var values =
                Arrays.stream(constants.getEnumConstants())
                        .map(constant -> ((WireName) constant).wire())
                        .collect(toCollection(TreeSet::new));
        var found = new TreeSet<String>();
        schema.path("enum").forEach(value -> found.add(value.asText()));
        if (!found.equals(values)) {
            problem("%s is one of %s, and the schema says %s".formatted(of, values, found));
        }
    }
}
