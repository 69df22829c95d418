package io.tidemark.edge.internal.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of all tenants. Only their SHA-256 is kept, and every one of them is compared with what
 * was presented, each in constant time: how long it takes says neither whether there is such a key
 * nor how much of it was right. Immutable.
 */
public final class ApiKeys {
    @SuppressWarnings("ArrayRecordComponent") // compared with MessageDigest.isEqual alone
    private record Known(String tenant, byte[] digest) {
        @Override
        public String toString() {
            return "Known[tenant=" + tenant + "]";
        }
    }

    private final List<Known> known = new ArrayList<>();

    /** Keys by tenant. */
    public ApiKeys(Map<String, List<String>> keys) {
        keys.forEach(
                (tenant, own) -> own.forEach(key -> known.add(new Known(tenant, digest(key)))));
    }

    /** The tenant that a key belongs to, if it is one. */
    Optional<String> tenantOf(String key) {
        byte[] presented = digest(key);
        @Nullable String found = null;
        for (var one : known) {
            if (MessageDigest.isEqual(one.digest(), presented)) {
                found = one.tenant();
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "ApiKeys[count=" + known.size() + "]";
    }
}
