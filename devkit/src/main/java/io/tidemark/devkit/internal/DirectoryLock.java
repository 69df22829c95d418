package io.tidemark.devkit.internal;

import io.tidemark.devkit.EmbeddedKafkaException;
import io.tidemark.devkit.EmbeddedKafkaException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One broker at a time in a directory: an operating system lock on a file in it, which a killed
 * process loses by dying. Kafka has a lock of its own, but takes it after it has read and changed
 * files. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE_NAME = "broker.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, creating the directory when absent.
     *
     * @throws EmbeddedKafkaException if another broker has it, or the directory cannot be used
     */
    public static DirectoryLock take(Path directory) {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel =
                    FileChannel.open(
                            directory.resolve(FILE_NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
            throw inUse(directory, channel, null);
        } catch (OverlappingFileLockException e) {
            throw inUse(directory, channel, e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new EmbeddedKafkaException(
                    Reason.DIRECTORY_UNUSABLE,
                    "cannot use " + directory + " as data directory: " + e,
                    e);
        }
    }

    private static EmbeddedKafkaException inUse(
            Path directory, @Nullable FileChannel channel, @Nullable Exception cause) {
        closeQuietly(channel);
        return new EmbeddedKafkaException(
                Reason.DIRECTORY_IN_USE,
                "data directory " + directory + " is in use by another running broker",
                cause);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
