package io.tidemark.projector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What files hold, byte for byte, as text in which something can be looked for: whole files as they
 * are, and of segments the records as well, since their batches are compressed.
 */
record Disk(Path kafkaDir, Path stateDir) {
    /** All files below the state directory. */
    String state() {
        return text(stateDir, _ -> true);
    }

    /** All segments of a topic. */
    String topic(String name) {
        var found = new StringBuilder();
        var segment =
                Pattern.compile("/" + Pattern.quote(name) + "-[0-9]+(\\.[^/]*)?/[0-9]+\\.log");
        each(
                kafkaDir,
                path -> segment.matcher(path.toString()).find(),
                path -> found.append(records(path)));
        return found.toString();
    }

    private static String text(Path root, Predicate<Path> wanted) {
        var found = new StringBuilder();
        each(root, wanted, path -> found.append(bytes(path)));
        return found.toString();
    }

    /* Files come and go while it is walked over. One that is gone by now holds nothing. */
    private static void each(Path root, Predicate<Path> wanted, Consumer<Path> action) {
        var visitor =
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile() && wanted.test(file)) {
                            action.accept(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        return passedBy(e);
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException e) throws IOException {
                        return e == null ? FileVisitResult.CONTINUE : passedBy(e);
                    }
                };
        try {
            Files.walkFileTree(root, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileVisitResult passedBy(IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    private static String bytes(Path path) {
        try {
            return new String(Files.readAllBytes(path), ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String records(Path path) {
        var bytes = bytes(path);
        var found = new StringBuilder(bytes);
        /* Of what was read above: the file may be gone, or another one, by now. */
        var segment = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
        for (var record : segment.records()) {
            found.append(text(record.key())).append(text(record.value()));
        }
        return found.toString();
    }

    private static String text(@Nullable ByteBuffer part) {
        return part == null ? "" : ISO_8859_1.decode(part).toString();
    }
}
