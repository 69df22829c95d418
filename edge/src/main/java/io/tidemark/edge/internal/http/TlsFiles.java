package io.tidemark.edge.internal.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where what TLS needs is. Immutable.
 *
 * @param certificate PEM file of the server's certificate and what leads to its root
 * @param key PEM file of its private key
 * @param lookAgain how often it is looked whether they hold something else
 */
public record TlsFiles(Path certificate, Path key, Duration lookAgain) {}
