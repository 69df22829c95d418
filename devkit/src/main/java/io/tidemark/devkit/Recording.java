package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A recorded provider stream and what was computed from it independently. Recordings are not part
 * of the project: they are read from a directory that a test names. Immutable.
 *
 * @param name path below the root, such as {@code openai-responses/plain.sse}
 * @param stream the recorded bytes
 * @param expected the JSON of what they mean
 */
public record Recording(String name, Path stream, Path expected) {
    /** System property that names the directory of recordings. */
    public static final String ROOT_PROPERTY = "recordings.dir";

    private static final String EXPECTED = ".expected.json";

    /**
     * What a recording is by the extension of its file; those of other kinds are no HTTP bodies.
     */
    private static final Map<String, String> CONTENT_TYPES =
            Map.of(".sse", "text/event-stream", ".json", "application/json");

    private static final ObjectMapper JSON = new ObjectMapper();

    public Recording {
        requireNonNull(name, "name");
        requireNonNull(stream, "stream");
        requireNonNull(expected, "expected");
    }

    /** The directory of the system property, or the one beside the project. */
    public static Path defaultRoot() {
        return Path.of(System.getProperty(ROOT_PROPERTY, "../shared/recordings"))
                .toAbsolutePath()
                .normalize();
    }

    /**
     * Every recording below a directory that was sent as SSE or as JSON, by name.
     *
     * @return empty when there is no such directory
     * @throws UncheckedIOException if it cannot be read
     */
    public static List<Recording> all(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var files = Files.walk(root)) {
            return files.filter(Recording::isStream)
                    .map(file -> of(root, file))
                    .filter(recording -> Files.isRegularFile(recording.expected()))
                    .sorted(Comparator.comparing(Recording::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of {@link #defaultRoot} that were recorded from an API, such as {@code responses}. */
    public static List<Recording> ofApi(String api) {
        return all(defaultRoot()).stream()
                .filter(recording -> recording.api().equals(api))
                .toList();
    }

    private static boolean isStream(Path file) {
        var name = file.toString();
        return CONTENT_TYPES.containsKey(extension(name)) && !name.endsWith(EXPECTED);
    }

    private static String extension(String name) {
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }

    private static Recording of(Path root, Path stream) {
        var file = stream.getFileName().toString();
        var scenario = file.substring(0, file.length() - extension(file).length());
        return new Recording(
                root.relativize(stream).toString(),
                stream,
                stream.resolveSibling(scenario + EXPECTED));
    }

    /** What they were sent as: {@code text/event-stream} or {@code application/json}. */
    public String contentType() {
        return requireNonNull(CONTENT_TYPES.get(extension(name)), "content type");
    }

    /** The recorded bytes. */
    public byte[] bytes() {
        try {
            return Files.readAllBytes(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What they mean, as computed independently. */
    public JsonNode expectation() {
        try {
            return JSON.readTree(Files.readAllBytes(expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API it was recorded from, such as {@code responses} or {@code chat}. */
    public String api() {
        return expectation().path("api").asText();
    }

    @Override
    public String toString() {
        return name;
    }
}
