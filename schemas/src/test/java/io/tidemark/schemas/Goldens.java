package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The golden files: one record of the contract each, on one line, never edited once released. */
final class Goldens {
    private Goldens() {}

    /**
     * One golden file.
     *
     * @param name file name without its ending: the type, then {@code --variant} if there is one
     */
    record Golden(String name, String json) {
        String type() {
            return name.split("--", 2)[0];
        }

        byte[] bytes() {
            return json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> in(String folder) throws IOException, URISyntaxException {
        try (var files = Files.list(path(folder))) {
            return files
                    .sorted(Comparator.comparing(Path::toString))
                    .map(Goldens::read)
                    .toList()
                    .stream();
        }
    }

    /** The names of the folders there are. */
    static Set<String> folders() throws IOException, URISyntaxException {
        try (var folders = Files.list(path(""))) {
            return folders.map(it -> String.valueOf(it.getFileName()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static List<String> lines(String file) throws IOException, URISyntaxException {
        return Files.readAllLines(path(file));
    }

    private static Golden read(Path file) {
        try {
            var text = Files.readString(file);
            if (text.indexOf('\n') != text.length() - 1) {
                throw new IllegalStateException(file + " must be one line");
            }
            var name = file.getFileName().toString().replaceFirst("\\.json$", "");
            return new Golden(name, text.stripTrailing());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path path(String name) throws URISyntaxException {
        var url = requireNonNull(Goldens.class.getResource("/golden/" + name), name);
        return Path.of(url.toURI());
    }
}
