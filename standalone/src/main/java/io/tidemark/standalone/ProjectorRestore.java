package io.tidemark.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How long a projector needs to be ready with its state and without: open streams with long texts,
 * of which nothing is left but what the changelogs hold. Confined to the thread that measures.
 */
final class ProjectorRestore {
    private static final int WORDS_OF_EVENT = 400;
    private static final int EVENTS_OF_STREAM = 1_000;
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ProjectorSubject subject;

    ProjectorRestore(ProjectorSubject subject) {
        this.subject = subject;
    }

    /**
     * What was measured, from the start of the process to when it is ready.
     *
     * @param stateBytes what the state takes on disk
     */
    record Outcome(long stateBytes, double secondsWithState, double secondsWithout) {}

    /** Measures it with so much text in open streams. */
    Outcome measure(long textBytes) throws IOException, InterruptedException {
        try (var load = subject.load(new LoadWords(WORDS_OF_EVENT), LINGER)) {
            fill(load, textBytes);
            try (var _ = subject.start()) {
                subject.settle();
            }
        }
        double with = ready();
        long bytes = size(subject.state());
        new TemporaryDirectory(subject.state()).close();
        return new Outcome(bytes, with, ready());
    }

    private static void fill(ProjectorLoad load, long textBytes) {
        for (long bytes = 0; bytes < textBytes; ) {
            var stream = load.begin(Long.MAX_VALUE);
            while (stream.written() < EVENTS_OF_STREAM && bytes + stream.textBytes() < textBytes) {
                load.write(stream);
            }
            bytes += stream.textBytes();
        }
        load.flush();
    }

    private double ready() throws IOException, InterruptedException {
        long from = System.nanoTime();
        try (var _ = subject.start()) {
            return (System.nanoTime() - from) / NANOS_PER_SECOND;
        }
    }

    private static long size(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
