package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.devkit.SimulatedUsage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file that keeps what each answer reported that it used, a line of JSON for each; a simulator
 * adds to what one before it has left. A line is written whole, and before the account of its
 * request ends. Guarded by its monitor.
 */
final class UsageJournal implements AutoCloseable {

    private final @Nullable OutputStream file;

    private UsageJournal(@Nullable OutputStream file) {
        this.file = file;
    }

    /**
     * A journal in that file, or one that keeps nothing.
     *
     * @throws UncheckedIOException if it cannot be written to
     */
    static UsageJournal of(Optional<Path> file) {
        try {
            return file.isEmpty()
                    ? new UsageJournal(null)
                    : new UsageJournal(
                            Files.newOutputStream(
                                    file.get(),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a line, unless nothing was reported. */
    synchronized void add(Reported reported) {
        if (file == null || reported.usage().equals(SimulatedUsage.NONE)) {
            return;
        }
        try {
            file.write(line(reported).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Reported reported) {
        var usage = reported.usage();
        return JsonNodeFactory.instance
                        .objectNode()
                        .put("answerId", reported.answerId())
                        .put("inputTokens", usage.inputTokens())
                        .put("outputTokens", usage.outputTokens())
                        .put("reasoningTokens", usage.reasoningTokens())
                + "\n";
    }

    @Override
    public synchronized void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
