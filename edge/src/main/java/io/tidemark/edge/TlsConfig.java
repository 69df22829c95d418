package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What TLS needs: two PEM files, which may be replaced while the edge runs.
 *
 * @param certificate the server's certificate first, and then what leads to its root
 * @param key its private key, PKCS #8, without a password
 * @param lookAgain how often it is looked whether they hold something else
 */
public record TlsConfig(Path certificate, Path key, Duration lookAgain) {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    public TlsConfig {
        requireNonNull(certificate, "certificate");
        requireNonNull(key, "key");
        requireBetween("lookAgain", lookAgain, Duration.ofMillis(10), Duration.ofHours(1));
    }

    /** Looked at every 5 s. */
    public TlsConfig(Path certificate, Path key) {
        this(certificate, key, LOOK_AGAIN);
    }
}
