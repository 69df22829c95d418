package io.tidemark.edge;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topics;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may ask an {@link Edge} for streams. Immutable; prints no credentials.
 *
 * @param apiKeys keys of each tenant; empty where there is no authentication
 * @param jwt whose web tokens are taken beside the keys; null for nobody's
 * @param capabilities how capabilities are made; given exactly where there is authentication
 * @param corsOrigins origins whose pages may read answers, as browsers spell them, or {@code *} for
 *     all; empty for none
 * @param allowAnonymous whether to listen beyond the loopback without authentication
 */
public record AccessConfig(
        Map<String, List<String>> apiKeys,
        @Nullable Jwt jwt,
        @Nullable Capabilities capabilities,
        List<String> corsOrigins,
        boolean allowAnonymous)
        implements EdgeConfig.Part {
    /** Fewest characters of a key: fewer can be guessed. */
    public static final int KEY_CHARS_MIN = 32;

    private static final int KEY_CHARS_MAX = 256;
    private static final int KEY_DISTINCT_CHARS_MIN = 8;
    private static final int KEYS_MAX = 10_000;
    private static final String TENANT = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    public AccessConfig {
        var copy = new TreeMap<String, List<String>>();
        apiKeys.forEach((tenant, keys) -> copy.put(tenant, List.copyOf(keys)));
        apiKeys = Map.copyOf(copy);
        requireUsable(copy);
        corsOrigins = List.copyOf(corsOrigins);
        corsOrigins.forEach(AccessConfig::requireOrigin);
        boolean authenticates = !apiKeys.isEmpty() || jwt != null;
        if (allowAnonymous && authenticates) {
            throw new IllegalArgumentException(
                    "edge.allow-anonymous must not be true where authentication is configured:"
                            + " nobody is anonymous then");
        }
        if (capabilities == null && authenticates) {
            throw new IllegalArgumentException(
                    "edge.capability-keys must be set where authentication is configured: links to"
                            + " streams are signed with them, on every edge with the same");
        }
    }

    /** No authentication, and therefore nobody beyond the loopback. */
    public static AccessConfig none() {
        return new AccessConfig(Map.of(), null, null, List.of(), false);
    }

    /** No authentication, and whoever comes is served. */
    public static AccessConfig anybody() {
        return new AccessConfig(Map.of(), null, null, List.of(), true);
    }

    /** The same for pages of these origins. */
    public AccessConfig withCorsOrigins(List<String> other) {
        return new AccessConfig(apiKeys, jwt, capabilities, other, allowAnonymous);
    }

    /** Whether callers have to say who they are. */
    public boolean authenticates() {
        return !apiKeys.isEmpty() || jwt != null;
    }

    /**
     * Whose web tokens are taken (RFC 7519), signed with RS256, ES256 or EdDSA.
     *
     * @param issuer their {@code iss}
     * @param audience one of their {@code aud}
     * @param keys the issuer's JWK set: a file, or an address with {@code https}, or on the
     *     loopback with {@code http}
     * @param tenantClaim the claim that names the tenant
     */
    public record Jwt(String issuer, String audience, URI keys, String tenantClaim) {
        public Jwt {
            if (issuer.isBlank() || audience.isBlank() || tenantClaim.isBlank()) {
                throw new IllegalArgumentException(
                        "edge.jwt-issuer, edge.jwt-audience and edge.jwt-tenant-claim must not be"
                                + " blank");
            }
            boolean loopback =
                    keys.getHost() != null
                            && keys.getHost().matches("localhost|127(\\.\\d{1,3}){3}|\\[::1\\]");
            boolean allowed =
                    switch (String.valueOf(keys.getScheme())) {
                        case "file" -> true;
                        case "https" -> keys.getHost() != null;
                        case "http" -> loopback;
                        default -> false;
                    };
            if (!allowed) {
                throw new IllegalArgumentException(
                        "edge.jwt-keys must be a file, an https:// address, or an http:// address"
                                + " of the loopback, was "
                                + keys);
            }
        }
    }

    /**
     * How capabilities are made.
     *
     * @param keys secrets that all edges of the installation have; the first one signs, all of them
     *     verify
     * @param lifetime how long a capability is good at most, and if nothing else is asked for; up
     *     to {@link Topics#CAPABILITY_LIFETIME_MAX}
     * @param revokedStreamsMax of how many streams it is remembered one by one what was revoked;
     *     beyond, capabilities of all streams are refused as far as the forgotten revocations
     *     reached
     */
    public record Capabilities(List<String> keys, Duration lifetime, int revokedStreamsMax) {
        private static final int KEYS_MAX = 8;
        private static final int REVOKED_STREAMS_MAX = 200_000;

        public Capabilities {
            keys = List.copyOf(keys);
            if (keys.isEmpty() || keys.size() > KEYS_MAX) {
                throw new IllegalArgumentException(
                        "edge.capability-keys must have 1 to %d keys, found %d"
                                .formatted(KEYS_MAX, keys.size()));
            }
            keys.forEach(key -> requireStrong("edge.capability-keys ", key));
            requireNonNull(lifetime, "lifetime");
            var longest = Topics.CAPABILITY_LIFETIME_MAX;
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(longest) > 0) {
                throw new IllegalArgumentException(
                        "edge.capability-lifetime must be PT1S to %s, was %s"
                                .formatted(longest, lifetime));
            }
            if (revokedStreamsMax < 1) {
                throw new IllegalArgumentException(
                        "revokedStreamsMax must be at least 1, was " + revokedStreamsMax);
            }
        }

        /** With revocations of 200,000 streams remembered. */
        public Capabilities(List<String> keys, Duration lifetime) {
            this(keys, lifetime, REVOKED_STREAMS_MAX);
        }

        @Override
        public String toString() {
            return "Capabilities[keys=" + keys.size() + ", lifetime=" + lifetime + "]";
        }
    }

    /**
     * Checks that a key cannot be guessed and can be sent in a header.
     *
     * @return the key
     * @throws IllegalArgumentException saying what is allowed, without the key
     */
    public static String requireStrong(String key) {
        boolean sendable = key.matches("[A-Za-z0-9._~+/-]+=*");
        int length = key.length();
        if (!sendable || length < KEY_CHARS_MIN || length > KEY_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "must be keys of %d to %d letters, digits or -._~+/, with = at the end only; one has %s"
                            .formatted(
                                    KEY_CHARS_MIN,
                                    KEY_CHARS_MAX,
                                    sendable ? length : "another character"));
        }
        if (key.chars().distinct().count() < KEY_DISTINCT_CHARS_MIN) {
            throw new IllegalArgumentException(
                    "must be random keys; one has fewer than %d different characters"
                            .formatted(KEY_DISTINCT_CHARS_MIN));
        }
        return key;
    }

    /* Browsers send it in lower case, without the port that goes with the scheme, and nothing behind. */
    private static void requireOrigin(String origin) {
        if (!origin.equals("*")
                && (!origin.matches(
                                "https?://[a-z0-9.-]+(:\\d{1,5})?|https?://\\[[0-9a-f:.]+](:\\d{1,5})?")
                        || origin.matches("http://.*:80|https://.*:443"))) {
            throw new IllegalArgumentException(
                    "edge.cors-origins must be * or origins as browsers send them, such as"
                            + " https://app.example or http://localhost:3000, was "
                            + origin);
        }
    }

    private static void requireStrong(String setting, String key) {
        try {
            requireStrong(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + e.getMessage(), e);
        }
    }

    private static void requireUsable(Map<String, List<String>> apiKeys) {
        var seen = new HashSet<String>();
        apiKeys.forEach((tenant, keys) -> {
            var setting = "tenants." + tenant + ".api-keys ";
            if (!tenant.matches(TENANT)) {
                throw new IllegalArgumentException(
                        "a tenant's name must match %s, was %s".formatted(TENANT, tenant));
            }
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(setting + "must have a key");
            }
            for (var key : keys) {
                requireStrong(setting, key);
                if (!seen.add(key)) {
                    throw new IllegalArgumentException(
                            setting + "has a key that is given twice, maybe to another tenant");
                }
            }
        });
        if (seen.size() > KEYS_MAX) {
            throw new IllegalArgumentException(
                    "tenants must have up to %d keys together, found %d"
                            .formatted(KEYS_MAX, seen.size()));
        }
    }

    /** Tenants only. */
    @Override
    public String toString() {
        return "AccessConfig[tenants="
                + apiKeys.keySet()
                + ", jwt="
                + jwt
                + ", capabilities="
                + capabilities
                + ", corsOrigins="
                + corsOrigins
                + ", allowAnonymous="
                + allowAnonymous
                + "]";
    }
}
