package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Where to listen.
 *
 * @param host address to bind to
 * @param port 0 for one that the system chooses
 * @param ioThreads threads that serve connections, 0 for one per processor and at least two
 * @param trustForwarded whether links are made from {@code X-Forwarded-Proto} and {@code
 *     X-Forwarded-Host}; only behind a proxy that sets them
 * @param tls null to speak HTTP as it is
 */
public record ListenConfig(
        String host, int port, int ioThreads, boolean trustForwarded, @Nullable TlsConfig tls)
        implements EdgeConfig.Part {
    public ListenConfig {
        requireNonNull(host, "host");
        requireBetween("port", port, 0, 65_535);
        requireBetween("ioThreads", ioThreads, 0, 1_024);
    }

    /** Without TLS. */
    public ListenConfig(String host, int port, int ioThreads, boolean trustForwarded) {
        this(host, port, ioThreads, trustForwarded, null);
    }

    /** 127.0.0.1, on a port that the system chooses. */
    public static ListenConfig defaults() {
        return new ListenConfig("127.0.0.1", 0, 0, false);
    }

    /** The same on another port. */
    public ListenConfig withPort(int other) {
        return new ListenConfig(host, other, ioThreads, trustForwarded, tls);
    }

    /** The same with TLS. */
    public ListenConfig with(TlsConfig other) {
        return new ListenConfig(host, port, ioThreads, trustForwarded, other);
    }
}
