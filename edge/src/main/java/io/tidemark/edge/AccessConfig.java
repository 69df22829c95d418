package io.tidemark.edge;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may ask an {@link Edge} for streams. Immutable; prints no credentials.
 *
 * @param apiKeys keys of each tenant; empty where there is no authentication
 * @param allowAnonymous whether to listen beyond the loopback without authentication
 */
public record AccessConfig(Map<String, List<String>> apiKeys, boolean allowAnonymous) {
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
        if (allowAnonymous && !apiKeys.isEmpty()) {
            throw new IllegalArgumentException(
                    "edge.allow-anonymous must not be true where authentication is configured:"
                            + " nobody is anonymous then");
        }
    }

    /** No authentication, and therefore nobody beyond the loopback. */
    public static AccessConfig none() {
        return new AccessConfig(Map.of(), false);
    }

    /** Whether callers have to say who they are. */
    public boolean authenticates() {
        return !apiKeys.isEmpty();
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
                try {
                    requireStrong(key);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(setting + e.getMessage(), e);
                }
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
                + ", allowAnonymous="
                + allowAnonymous
                + "]";
    }
}
