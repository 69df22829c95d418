package io.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Random values of the kinds that events are made of. Whatever stands for model output, prompts,
 * media or links holds {@link #CANARY}, so that a test can tell whether it leaked; names and codes
 * do not.
 */
final class RandomValues {
    /** Eight characters that are text, base64 and part of a URL alike. */
    static final String CANARY = "c4n4ryc4";

    private static final List<String> NASTIES =
            List.of(
                    "a",
                    "Ω",
                    "日本",
                    " ",
                    "\"",
                    "\\",
                    "/",
                    "</script>",
                    "data: x\n\n",
                    "\r\n",
                    "\r",
                    "\n",
                    "\t",
                    "\u0000",
                    "\u001b",
                    "\u007f",
                    "\u0085",
                    "\u2028",
                    "\u2029",
                    "\ufeff",
                    "\ufffe",
                    "\uffff",
                    "e\u0301",
                    "\u202e",
                    "😀",
                    "👩‍👩‍👧",
                    "𝄞",
                    "\ud83d",
                    "\ude00",
                    "{}",
                    "null",
                    "%s",
                    "${x}",
                    "&#0;");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "2147483648",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-123456789012345678901234567890",
                    "0.1",
                    "1.10",
                    "-0.000000000000000000000000012",
                    "3.14159265358979323846264338327950288",
                    "1E+400",
                    "1.0E-400");
    private static final int STRING_PIECES_MAX = 12;

    final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(5) < 2 ? null : value.get();
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    <E extends Enum<E>> E oneOf(Class<E> type) {
        return oneOf(List.of(type.getEnumConstants()));
    }

    /** A label that may be shown: a name, a code, an id. */
    String name() {
        return oneOf(List.of("alpha", "beta", "gamma", "delta", "ω")) + random.nextInt(100);
    }

    /** Text that must never be shown. */
    String content() {
        if (random.nextInt(20) == 0) {
            return "";
        }
        var text = new StringBuilder();
        int pieces = random.nextInt(random.nextInt(200) == 0 ? 500 : STRING_PIECES_MAX);
        int canary = random.nextInt(pieces + 1);
        for (int i = 0; i <= pieces; i++) {
            text.append(i == canary ? CANARY : oneOf(NASTIES));
        }
        return text.toString();
    }

    String base64() {
        var bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        return CANARY + java.util.Base64.getEncoder().encodeToString(bytes);
    }

    String url() {
        return "https://example.com/" + CANARY + "?q=" + random.nextInt(100);
    }

    Integer index() {
        return random.nextInt(4);
    }

    Long number() {
        return random.nextInt(10) == 0
                ? random.nextLong() & Long.MAX_VALUE
                : (long) random.nextInt(100_000);
    }

    Boolean flag() {
        return random.nextBoolean();
    }

    Map<String, String> metadata() {
        var metadata = new TreeMap<String, String>();
        int entries = random.nextInt(17);
        for (int i = 0; i < entries; i++) {
            metadata.put(fieldName(), content());
        }
        return metadata;
    }

    ObjectNode object() {
        return object(2);
    }

    ArrayNode array() {
        return array(2);
    }

    JsonNode json() {
        return json(3);
    }

    /* Half a surrogate pair is tolerated in text, but no JSON reader takes it in a field's name. */
    private String fieldName() {
        return CANARY + content().replaceAll("\\p{Cs}", "") + name();
    }

    private JsonNode json(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Json.MAPPER.getNodeFactory().nullNode();
            case 1 -> Json.MAPPER.getNodeFactory().booleanNode(flag());
            case 2 -> parsed(oneOf(NUMBERS));
            case 3 -> Json.MAPPER.getNodeFactory().textNode(content());
            case 4 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private ArrayNode array(int depth) {
        var array = Json.MAPPER.createArrayNode();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            array.add(json(depth));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        var object = Json.MAPPER.createObjectNode().put(CANARY, true);
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            object.set(fieldName(), json(depth));
        }
        return object;
    }

    /* Read rather than built, so that a number has the node class that decoding gives it. */
    private static JsonNode parsed(String number) {
        var wrapped = "{\"n\":" + number + "}";
        return Json.object(wrapped.getBytes(StandardCharsets.UTF_8)).get("n");
    }
}
