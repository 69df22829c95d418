package io.tidemark.devkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Recorded streams below a directory, by relative path; nothing outside it can be named.
 * Thread-safe.
 */
final class Recordings {

    static final String MODEL_PREFIX = "recording:";
    private static final long BYTES_MAX = 64 << 20;

    /** After the empty line that ends an event, or the line with the comma between elements. */
    private static final Pattern FRAME_END = Pattern.compile("(?<=\n\r?\n)(?!\r?\n)|(?<=\n,\r?\n)");

    private final Path root;

    Recordings(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** What became of a name: {@code Found}, {@code NotFound} or {@code Refused}. */
    sealed interface Lookup {
        /**
         * A recording.
         *
         * @param frames whose bytes in a row are the file
         * @param contentType what it is, by its extension
         */
        record Found(List<Frames> frames, String contentType) implements Lookup {
            /** Copies the list. */
            public Found {
                frames = List.copyOf(frames);
            }
        }

        /** There is no such file. */
        record NotFound() implements Lookup {}

        /** The name is not one of a file below the directory. */
        record Refused() implements Lookup {}
    }

    Lookup find(String name) {
        try {
            var file = root.resolve(name).normalize();
            if (name.isEmpty() || !file.startsWith(root) || file.equals(root)) {
                return new Lookup.Refused();
            }
            if (!Files.isRegularFile(file)) {
                return new Lookup.NotFound();
            }
            var inside = file.toRealPath().startsWith(root.toRealPath());
            return inside && Files.size(file) <= BYTES_MAX
                    ? new Lookup.Found(frames(Files.readAllBytes(file)), contentType(name))
                    : new Lookup.Refused();
        } catch (InvalidPathException e) {
            return new Lookup.Refused();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "sse" -> Answer.EVENT_STREAM;
            case "json" -> Answer.JSON;
            case "jsonl" -> "application/jsonl";
            default -> "application/octet-stream";
        };
    }

    /* ISO 8859-1 maps bytes to characters one to one, so the pieces are the file's very bytes. */
    private static List<Frames> frames(byte[] file) {
        var text = new String(file, StandardCharsets.ISO_8859_1);
        return FRAME_END
                .splitAsStream(text)
                .map(frame -> frame.getBytes(StandardCharsets.ISO_8859_1))
                .map(frame -> Frames.token(() -> frame))
                .toList();
    }
}
