package io.tidemark.seal;

import io.tidemark.schemas.SealedField;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import javax.crypto.SecretKey;

/**
 * The keys that the streams' keys are wrapped with, by their names. One of them may be the current
 * one, under which new streams begin; the others open what was begun before. Immutable,
 * thread-safe.
 */
public final class MasterKeys {
    /** None: nothing is sealed, and nothing sealed can be read. */
    public static final MasterKeys NONE = new MasterKeys(Map.of(), null);

    /** Most of them. */
    public static final int KEYS_MAX = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Map<String, SecretKey> keys;
    private final @Nullable String current;

    private MasterKeys(Map<String, SecretKey> keys, @Nullable String current) {
        this.keys = Map.copyOf(keys);
        this.current = current;
    }

    /**
     * Keys.
     *
     * @param keys 32 bytes each, by names of small letters, digits and dashes
     * @param current the one that new streams begin under; absent if none are to be sealed
     * @throws IllegalArgumentException if a name or a key is none, there are too many, or the
     *     current one is not among them; the message does not repeat keys
     */
    public static MasterKeys of(Map<String, byte[]> keys, @Nullable String current) {
        if (keys.size() > KEYS_MAX) {
            throw new IllegalArgumentException(
                    "there may be %d master keys, found %d".formatted(KEYS_MAX, keys.size()));
        }
        var secrets = new LinkedHashMap<String, SecretKey>();
        keys.forEach((name, bytes) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a master key must match " + NAME + ", was " + name);
            }
            secrets.put(name, AesGcm.key(bytes.clone()));
        });
        if (current != null && !secrets.containsKey(current)) {
            throw new IllegalArgumentException(
                    "the current master key must be one of %s, was %s"
                            .formatted(secrets.keySet(), current));
        }
        return new MasterKeys(secrets, current);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether new streams are sealed. */
    public boolean sealing() {
        return current != null;
    }

    /**
     * A stream's key, wrapped by the current one.
     *
     * @param at now, in epoch milliseconds
     * @param random unpredictable
     * @throws IllegalStateException if there is no current one
     */
    public WrappedKey wrap(DataKey key, long at, RandomGenerator random) {
        var master = current == null ? null : keys.get(current);
        if (current == null || master == null) {
            throw new IllegalStateException("there is no current master key");
        }
        byte[] wrapped =
                AesGcm.seal(master, key.secret().getEncoded(), Place.ofKey(key.id()), random);
        return new WrappedKey(key.id(), at, current, Base64.getEncoder().encodeToString(wrapped));
    }

    /** The key that is wrapped there; empty if none of these has wrapped it, or not as it is. */
    public Optional<DataKey> unwrap(WrappedKey wrapped) {
        var master = keys.get(wrapped.masterKey());
        byte[] sealed = SealedField.decoded(wrapped.wrapped().getBytes(StandardCharsets.UTF_8));
        if (master == null || sealed == null) {
            return Optional.empty();
        }
        StreamId id = wrapped.requestId();
        byte[] key = AesGcm.open(master, sealed, Place.ofKey(id));
        return key == null || key.length != AesGcm.KEY_BYTES
                ? Optional.empty()
                : Optional.of(new DataKey(id, AesGcm.key(key)));
    }

    /** Their names. */
    @Override
    public String toString() {
        return "MasterKeys[names=" + keys.keySet() + ", current=" + current + "]";
    }
}
