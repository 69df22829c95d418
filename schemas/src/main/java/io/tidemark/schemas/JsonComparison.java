package io.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares two documents of one record of the contract and tells where they differ, never what they
 * hold. It goes down as far as names are the contract's own: what a client or a provider named
 * (metadata, raw objects, outputs of tools), and members that this version does not know, differ as
 * a whole. Immutable.
 */
public final class JsonComparison {
    /** Most differences that are told of one pair. */
    public static final int DIFFERENCES_MAX = 100;

    private final Class<? extends Record> type;

    private JsonComparison(Class<? extends Record> type) {
        this.type = type;
    }

    /** Of two responses. */
    public static JsonComparison ofResponses() {
        return new JsonComparison(Response.class);
    }

    /** Of two ledger rows. */
    public static JsonComparison ofUsageRows() {
        return new JsonComparison(UsageRow.class);
    }

    private static @Nullable ObjectNode tree(byte[] document) {
        try {
            return Json.object(Json.RESULTS, document);
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    /**
     * Where they differ, at most {@value #DIFFERENCES_MAX} places in the order of the contract;
     * empty if they are equal byte for byte.
     */
    public List<JsonDifference> between(byte[] expected, byte[] found) {
        var should = tree(expected);
        var is = tree(found);
        var differences = new ArrayList<JsonDifference>();
        if (should != null && is != null) {
            compareObjects("", type, should, is, differences);
        }
        if (differences.isEmpty() && !Arrays.equals(expected, found)) {
            differences.add(new JsonDifference("", extent(expected), extent(found)));
        }
        return List.copyOf(differences);
    }

    private void compare(
            String pointer,
            Type ofType,
            @Nullable JsonNode expected,
            @Nullable JsonNode found,
            List<JsonDifference> differences) {
        if (differences.size() == DIFFERENCES_MAX || same(expected, found)) {
            return;
        }
        if (ofType instanceof Class<?> record
                && record.isRecord()
                && expected instanceof ObjectNode should
                && found instanceof ObjectNode is) {
            compareObjects(pointer, record, should, is, differences);
        } else if (ofType instanceof ParameterizedType list
                && list.getRawType() == List.class
                && expected instanceof ArrayNode should
                && found instanceof ArrayNode is) {
            var element = list.getActualTypeArguments()[0];
            for (int i = 0; i < Math.max(should.size(), is.size()); i++) {
                compare(pointer + "/" + i, element, should.get(i), is.get(i), differences);
            }
        } else {
            differences.add(new JsonDifference(pointer, extent(expected), extent(found)));
        }
    }

    private void compareObjects(
            String pointer,
            Class<?> record,
            ObjectNode expected,
            ObjectNode found,
            List<JsonDifference> differences) {
        var known = new HashSet<String>();
        for (var component : record.getRecordComponents()) {
            var name = component.getName();
            known.add(name);
            compare(
                    pointer + "/" + name,
                    component.getGenericType(),
                    expected.get(name),
                    found.get(name),
                    differences);
        }
        boolean strangersDiffer = !strangers(expected, known).equals(strangers(found, known));
        if (strangersDiffer && differences.size() < DIFFERENCES_MAX) {
            differences.add(new JsonDifference(pointer, extent(expected), extent(found)));
        }
    }

    private static ObjectNode strangers(ObjectNode object, Set<String> known) {
        var strangers = object.objectNode();
        object.properties()
                .forEach(member -> {
                    if (!known.contains(member.getKey())) {
                        strangers.set(member.getKey(), member.getValue());
                    }
                });
        return strangers;
    }

    private static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
        return one == null ? other == null : one.equals(other);
    }

    private static JsonDifference.@Nullable Extent extent(@Nullable JsonNode value) {
        return value == null ? null : extent(Json.bytes(Json.RESULTS, value));
    }

    private static JsonDifference.Extent extent(byte[] json) {
        return new JsonDifference.Extent(json.length, MediaHash.hexOf(json));
    }
}
