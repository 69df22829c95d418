package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorStartException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * The local state of one application, and whether the run before ended in order.
 *
 * <p>After a crash the stores may hold writes of a transaction that never was, so Kafka Streams
 * throws them away and restores them; but it finds that out late, as an error of every partition
 * and a second rebalance. Here it is known before the start. Only to be used while Kafka Streams
 * holds its lock on the folder. Confined to one thread.
 */
public final class StateFolder {
    private static final Logger LOGGER = LoggerFactory.getLogger(StateFolder.class);

    private static final String MARKER = "ended-in-order";
    private static final Pattern TASK = Pattern.compile("\\d+_\\d+");

    private final Path folder;

    /** The folder of an application below the state directory. */
    public StateFolder(Path stateDir, String applicationId) {
        this.folder = stateDir.resolve(applicationId);
    }

    /**
     * Begins a run: deletes stores that the run before left in the middle of something.
     *
     * @throws ProjectorStartException if they cannot be deleted
     */
    public void begin() {
        try {
            if (!Files.deleteIfExists(folder.resolve(MARKER))) {
                deleteStores();
            }
        } catch (IOException e) {
            throw new ProjectorStartException("cannot clear " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Ends a run in order, after all stores are closed. */
    public void end() {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(MARKER), new byte[0]);
        } catch (IOException e) {
            /* The next run restores from the log, which is slower and no less right. */
            LOGGER.atWarn().setCause(e).log("state folder not marked as ended in order");
        }
    }

    /** Deletes all of it, once nothing uses it any more; what cannot be deleted stays. */
    public void delete() {
        try {
            if (Files.isDirectory(folder)) {
                deleteTree(folder);
            }
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("state folder not deleted");
        }
    }

    private void deleteStores() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        int deleted = 0;
        try (var entries = Files.newDirectoryStream(folder, StateFolder::isTask)) {
            for (var task : entries) {
                deleteTree(task);
                deleted++;
            }
        }
        if (deleted > 0) {
            LOGGER.atInfo().addKeyValue("count", deleted).log("unclean state deleted");
        }
    }

    private static boolean isTask(Path entry) {
        return TASK.matcher(entry.getFileName().toString()).matches();
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            paths.sorted(Comparator.reverseOrder()).forEach(StateFolder::delete);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
