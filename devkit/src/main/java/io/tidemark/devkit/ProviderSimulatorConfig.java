package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a {@link ProviderSimulator} needs to know before it starts. Immutable.
 *
 * @param host the address to listen on; 127.0.0.1 unless others are to reach it, such as containers
 * @param port the port there, or 0 for one the system chooses
 * @param keyRequired whether a request without its API's key is refused: a bearer token, {@code
 *     x-api-key}, {@code x-goog-api-key} or {@code ?key=}
 * @param pacing how fast requests that do not say otherwise are answered
 * @param chunking how their bodies are cut
 * @param recordings the directory that {@code recording:} models are read from, if any
 * @param journal the file that keeps what each answer reported that it used, if any: a line of JSON
 *     with {@code answerId}, {@code inputTokens}, {@code outputTokens} and {@code reasoningTokens}
 * @param seed what ids and encrypted content are made from
 * @param clock the time in answers and accounts
 * @param limits the bounds
 */
public record ProviderSimulatorConfig(
        String host,
        int port,
        boolean keyRequired,
        Pacing pacing,
        Chunking chunking,
        Optional<Path> recordings,
        Optional<Path> journal,
        long seed,
        InstantSource clock,
        Limits limits) {

    /**
     * The bounds of a simulator; beyond each, the answer is an error that says so.
     *
     * @param connectionsMax connections at a time; the next is answered with 503 and closed
     * @param headerBytesMax request line and headers; 431
     * @param bodyBytesMax request body; 413
     * @param accountsMax ended requests remembered for {@link ProviderSimulator#requests()}; the
     *     oldest is forgotten
     * @param storedResponsesMax responses in background mode that can be read again; the oldest of
     *     those that have ended is forgotten, or else the oldest, which is generated no further
     * @param storedBytesMax bytes of all their events; forgotten likewise
     */
    public record Limits(
            int connectionsMax,
            int headerBytesMax,
            int bodyBytesMax,
            int accountsMax,
            int storedResponsesMax,
            int storedBytesMax) {

        /** Room for a load test, not for an accident. */
        public static final Limits DEFAULT =
                new Limits(20_000, 32 << 10, 16 << 20, 10_000, 10_000, 256 << 20);

        /** Checks that all are positive. */
        public Limits {
            requirePositive(connectionsMax, "connectionsMax");
            requirePositive(headerBytesMax, "headerBytesMax");
            requirePositive(bodyBytesMax, "bodyBytesMax");
            requirePositive(accountsMax, "accountsMax");
            requirePositive(storedResponsesMax, "storedResponsesMax");
            requirePositive(storedBytesMax, "storedBytesMax");
        }

        /** The same, with other bounds for what is stored. */
        public Limits withStored(int responsesMax, int bytesMax) {
            return new Limits(
                    connectionsMax,
                    headerBytesMax,
                    bodyBytesMax,
                    accountsMax,
                    responsesMax,
                    bytesMax);
        }

        private static void requirePositive(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be 1 or more, found " + value);
            }
        }
    }

    /**
     * Any free port of the loopback, no key, no waiting, whole frames, no recordings, the system's
     * clock.
     */
    public static final ProviderSimulatorConfig DEFAULT =
            new ProviderSimulatorConfig(
                    "127.0.0.1",
                    0,
                    false,
                    Pacing.NONE,
                    new Chunking.WholeFrames(),
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    InstantSource.system(),
                    Limits.DEFAULT);

    /** Checks the port. */
    public ProviderSimulatorConfig {
        requireNonNull(host, "host");
        requireNonNull(pacing, "pacing");
        requireNonNull(chunking, "chunking");
        requireNonNull(recordings, "recordings");
        requireNonNull(journal, "journal");
        requireNonNull(clock, "clock");
        requireNonNull(limits, "limits");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
        }
    }

    /** The same on another address. */
    public ProviderSimulatorConfig withHost(String host) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same on another port. */
    public ProviderSimulatorConfig withPort(int port) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same, asking for a key or not. */
    public ProviderSimulatorConfig withKeyRequired(boolean keyRequired) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same at another speed. */
    public ProviderSimulatorConfig withPacing(Pacing pacing) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same, cutting bodies otherwise. */
    public ProviderSimulatorConfig withChunking(Chunking chunking) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same, serving the recordings below a directory. */
    public ProviderSimulatorConfig withRecordings(Path directory) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                Optional.of(directory),
                journal,
                seed,
                clock,
                limits);
    }

    /** The same, adding what answers used to a file. */
    public ProviderSimulatorConfig withJournal(Path file) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                Optional.of(file),
                seed,
                clock,
                limits);
    }

    /** The same with other ids. */
    public ProviderSimulatorConfig withSeed(long seed) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same by another clock. */
    public ProviderSimulatorConfig withClock(InstantSource clock) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }

    /** The same within other bounds. */
    public ProviderSimulatorConfig withLimits(Limits limits) {
        return new ProviderSimulatorConfig(
                host,
                port,
                keyRequired,
                pacing,
                chunking,
                recordings,
                journal,
                seed,
                clock,
                limits);
    }
}
