package io.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;

/**
 * What a later version may write: fields that nobody knows yet, in every object of the contract.
 */
final class Tomorrow {
    static final String FIELD = "fieldOfTomorrow";

    private Tomorrow() {}

    /** The same document with a new field in it and in the records it holds. */
    static byte[] of(RecordFormat format, byte[] value) {
        var json = Json.object(Json.RESULTS, value);
        var read = format.read(CodeVersion.today(), value);
        grow(json, format.body(read).getClass());
        return Json.bytes(Json.RESULTS, json);
    }

    private static void grow(JsonNode json, Type type) {
        if (type instanceof Class<?> record && record.isRecord() && json instanceof ObjectNode it) {
            for (var component : record.getRecordComponents()) {
                grow(it.path(component.getName()), component.getGenericType());
            }
            it.putObject(FIELD).putArray("type").add(1).addNull();
        } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            json.forEach(element -> grow(element, list.getActualTypeArguments()[0]));
        }
    }
}
