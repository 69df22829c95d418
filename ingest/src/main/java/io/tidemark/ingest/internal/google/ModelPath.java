package io.tidemark.ingest.internal.google;

import io.tidemark.ingest.internal.RequestPath;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The path of a model, by the names that Google's SDKs take: {@code gemini-x}, {@code
 * models/gemini-x}, {@code tunedModels/x}, and Vertex AI's {@code publishers/google/models/x} and
 * {@code projects/p/locations/l/...}. Stateless.
 */
final class ModelPath {
    /* What the SDK adds to its base URLs. */
    private static final String GEMINI_VERSION = "v1beta";
    private static final String VERTEX_VERSION = "v1beta1";

    private static final Set<String> GEMINI_COLLECTIONS = Set.of("models", "tunedModels");
    private static final Set<String> VERTEX_COLLECTIONS =
            Set.of("publishers", "projects", "endpoints");
    private static final String METHOD = ":streamGenerateContent?alt=sse";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private ModelPath() {}

    /** Whether a path can hold the model's name. */
    static boolean canHold(String model) {
        return segments(model).stream().noneMatch(ModelPath::unsafe);
    }

    /**
     * Where a request to the model goes.
     *
     * @throws IllegalArgumentException if no path {@linkplain #canHold can hold} its name
     */
    static RequestPath of(String model) {
        if (!canHold(model)) {
            throw new IllegalArgumentException("not a name that a path can hold");
        }
        var segments = segments(model);
        var encoded = segments.stream().map(ModelPath::encoded).collect(Collectors.joining("/"));
        boolean qualified = segments.size() > 1;
        if (qualified && VERTEX_COLLECTIONS.contains(segments.getFirst())) {
            return new RequestPath(VERTEX_VERSION, "/" + encoded + METHOD);
        }
        boolean named = qualified && GEMINI_COLLECTIONS.contains(segments.getFirst());
        return new RequestPath(GEMINI_VERSION, (named ? "/" : "/models/") + encoded + METHOD);
    }

    private static List<String> segments(String model) {
        return List.of(model.split("/", -1));
    }

    /* A path must not lead out of where it begins. */
    private static boolean unsafe(String segment) {
        return segment.isBlank() || segment.equals(".") || segment.equals("..");
    }

    private static String encoded(String segment) {
        var encoded = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            if (plain((char) (octet & 0xFF))) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /* RFC 3986's unreserved characters; a colon would begin the method, '@' begins a version. */
    private static boolean plain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~@".indexOf(c) >= 0;
    }
}
