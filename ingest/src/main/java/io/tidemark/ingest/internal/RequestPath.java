package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where below a provider's base URL a request goes. Some vendors' SDKs take a base URL without the
 * version of the API and add it themselves; servers that stand in for them are configured with or
 * without. Immutable.
 *
 * @param version the version that belongs before the path unless the base URL names one; absent
 *     where the base URL always does
 * @param path begins with a slash; percent-encoded, with its query if it has one
 */
public record RequestPath(@Nullable String version, String path) {
    private static final Pattern VERSION = Pattern.compile("v[0-9]+(?:(?:alpha|beta)[0-9]*)?");

    public RequestPath {
        if (version != null && !isVersion(version)) {
            throw new IllegalArgumentException("version must be like v1beta, was " + version);
        }
        if (!requireNonNull(path, "path").startsWith("/")) {
            throw new IllegalArgumentException("path must begin with a slash, was " + path);
        }
    }

    /** A path below a base URL that names the version itself. */
    public static RequestPath of(String path) {
        return new RequestPath(null, path);
    }

    /** The address of the request. */
    public URI below(URI baseUrl) {
        var text = baseUrl.toString();
        var base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean named = version == null || isVersion(lastSegment(baseUrl));
        return URI.create(base + (named ? "" : "/" + version) + path);
    }

    private static String lastSegment(URI url) {
        var path = url.getPath();
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    private static boolean isVersion(String segment) {
        return VERSION.matcher(segment).matches();
    }
}
