package io.tidemark.export.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that gets its name when it is whole, and has reached the disk by then.
 *
 * <p>Until then it has a name of its own in the same directory, so that two exports to one name do
 * not write into each other; the one that is complete last stays. Only a process that is killed
 * leaves its part behind, under that other name.
 */
final class AtomicFile extends Output {
    private final FileOutputStream file;
    private final Path partial;
    private final Path path;

    private AtomicFile(FileOutputStream file, Path partial, Path path) {
        super(file);
        this.file = file;
        this.partial = partial;
        this.path = path;
    }

    static AtomicFile at(Path named) throws IOException {
        var path = Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
        var directory = path.getParent();
        if (directory == null || (Files.exists(path) && !Files.isRegularFile(path))) {
            throw new IOException(named + " is no file, and would be replaced by one");
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no directory " + directory);
        }
        var partial = unused(directory, path.getFileName().toString());
        return new AtomicFile(new FileOutputStream(partial.toFile()), partial, path);
    }

    private static Path unused(Path directory, String name) throws IOException {
        for (int number = 0; ; number++) {
            var partial =
                    directory.resolve(
                            ".%s.%d-%d.partial"
                                    .formatted(name, ProcessHandle.current().pid(), number));
            try {
                return Files.createFile(partial);
            } catch (FileAlreadyExistsException _) {
                /* Of another export of this process, or of a killed one of the same number. */
            }
        }
    }

    @Override
    public void complete() throws IOException {
        super.complete();
        file.getFD().sync();
        file.close();
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        try (file) {
            Files.deleteIfExists(partial);
        }
    }
}
