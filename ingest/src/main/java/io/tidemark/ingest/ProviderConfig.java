package io.tidemark.ingest;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A provider that requests can name. Immutable.
 *
 * @param name what requests call it: lower-case letters, digits and dashes
 * @param apis names of the dialects it speaks, such as {@code openai.responses}; at least one, and
 *     the first is the one that requests of no dialect are translated to
 * @param baseUrl what the vendor's own SDK takes, for OpenAI up to and including {@code /v1};
 *     {@code http} or {@code https}, without query or user info
 * @param apiKey sent as a bearer token; absent for servers that need none
 * @param headers sent with every request; none of those that the HTTP client sets itself
 * @param concurrencyMax most connections at a time; a stream beyond it waits for a free one, within
 *     its total time, in the order of asking
 * @param timeouts how long it may be silent
 * @param resilience what is done when it fails
 */
public record ProviderConfig(
        String name,
        List<String> apis,
        URI baseUrl,
        @Nullable Secret apiKey,
        Map<String, String> headers,
        int concurrencyMax,
        UpstreamTimeouts timeouts,
        Resilience resilience) {
    /** Connections at a time, unless configured. */
    public static final int CONCURRENCY_DEFAULT = 512;

    /* What java.net.http refuses, and would refuse for each request. */
    private static final Set<String> HEADERS_FORBIDDEN =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    public ProviderConfig {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 64 lower-case letters, digits or dashes, was " + name);
        }
        apis = List.copyOf(apis);
        if (apis.isEmpty()) {
            throw new IllegalArgumentException("apis of provider " + name + " must not be empty");
        }
        requireHttp(name, baseUrl);
        headers = Map.copyOf(headers);
        headers.forEach((header, value) -> requireHeader(name, header, value));
        Settings.requireRange("concurrencyMax", concurrencyMax, 1, 100_000);
        requireNonNull(timeouts, "timeouts");
        requireNonNull(resilience, "resilience");
    }

    /** A provider with default limits and no headers of its own. */
    public static ProviderConfig of(
            String name, List<String> apis, URI baseUrl, @Nullable Secret apiKey) {
        return new ProviderConfig(
                name,
                apis,
                baseUrl,
                apiKey,
                Map.of(),
                CONCURRENCY_DEFAULT,
                UpstreamTimeouts.defaults(),
                Resilience.defaults());
    }

    /** The same with another way to deal with failures. */
    public ProviderConfig withResilience(Resilience newResilience) {
        return new ProviderConfig(
                name, apis, baseUrl, apiKey, headers, concurrencyMax, timeouts, newResilience);
    }

    private static void requireHttp(String name, URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "baseUrl of provider " + name + " must be an http or https URL with a host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "baseUrl of provider " + name + " must have neither user info nor query");
        }
    }

    private static void requireHeader(String name, String header, String value) {
        if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || !value.matches("[ -~]*")) {
            throw new IllegalArgumentException(
                    "headers of provider " + name + " must be printable ASCII, see " + header);
        }
        if (HEADERS_FORBIDDEN.contains(header.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "headers of provider " + name + " must not set " + header);
        }
    }

    /** Prints names of headers, never their values. */
    @Override
    public String toString() {
        return "ProviderConfig[name=%s, apis=%s, baseUrl=%s, apiKey=%s, headers=%s, concurrencyMax=%d, timeouts=%s, resilience=%s]"
                .formatted(
                        name,
                        apis,
                        baseUrl,
                        apiKey,
                        headers.keySet(),
                        concurrencyMax,
                        timeouts,
                        resilience);
    }
}
