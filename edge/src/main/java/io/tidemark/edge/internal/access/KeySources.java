package io.tidemark.edge.internal.access;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where an issuer's keys are: a file or an address. Stateless. */
final class KeySources {
    /** Largest set. */
    static final int BYTES_MAX = 256 * 1_024;

    private static final Duration WITHIN = Duration.ofSeconds(5);

    private KeySources() {}

    /** A file, which is read whole each time. */
    static TrustedKeys.Source file(Path file) {
        return () -> {
            try (var in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(BYTES_MAX + 1);
                if (bytes.length > BYTES_MAX) {
                    throw new IOException(file + " has more than " + BYTES_MAX + " bytes");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
    }

    /** An address that answers 200 with the set; it is not followed elsewhere. */
    static TrustedKeys.Source address(URI address, HttpClient client) {
        var request = HttpRequest.newBuilder(address).header("Accept", "application/json").build();
        return () -> {
            var sent =
                    client.sendAsync(
                            request, BodyHandlers.limiting(BodyHandlers.ofString(), BYTES_MAX));
            try {
                var response = sent.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                if (response.statusCode() != 200) {
                    throw new IOException(
                            "status " + response.statusCode() + " where a JWK set should be");
                }
                return response.body();
            } catch (ExecutionException e) {
                throw new IOException(String.valueOf(e.getCause()), e);
            } catch (TimeoutException e) {
                throw new IOException("no JWK set within " + WITHIN, e);
            } finally {
                sent.cancel(true);
            }
        };
    }
}
