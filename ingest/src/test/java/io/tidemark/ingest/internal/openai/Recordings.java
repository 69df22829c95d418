package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The recorded streams of providers that speak the Responses API, where they are present. */
final class Recordings {
    private static final Path ROOT =
            Path.of(System.getProperty("recordings.dir", "../../shared/recordings"));

    /** One recorded stream. */
    record Recording(String name, Path stream) {
        byte[] bytes() {
            return read(stream);
        }

        JsonNode expected() {
            var file = stream.toString().replaceFirst("\\.sse$", ".expected.json");
            var json = new String(read(Path.of(file)), StandardCharsets.UTF_8);
            return ProviderJson.value(json).orElseThrow();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Recordings() {}

    static Path root() {
        return ROOT.toAbsolutePath().normalize();
    }

    /** All of them, by name; empty when the folder is not there. */
    static List<Recording> all() {
        if (!Files.isDirectory(ROOT)) {
            return List.of();
        }
        try (var files = Files.walk(ROOT, 2)) {
            return files.filter(Recordings::isResponses)
                    .map(file -> new Recording(ROOT.relativize(file).toString(), file))
                    .sorted(Comparator.comparing(Recording::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isResponses(Path file) {
        return file.toString().endsWith(".sse")
                && ROOT.relativize(file).getName(0).toString().endsWith("-responses");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
