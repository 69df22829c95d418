package io.tidemark.standalone.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The part of {@link Keys} that says how streams are encrypted. */
public final class EncryptionKeys {
    public static final Key<String> MASTER_KEY =
            Key.optional(
                    "encryption.master-key",
                    Reader.text(),
                    "which of encryption.master-keys new streams are encrypted under; none are when"
                            + " not set. The same on every edge");

    private static final Pattern MASTER_KEY_FILE =
            Pattern.compile("encryption\\.master-keys\\.([a-z0-9][a-z0-9-]{0,62})");

    private EncryptionKeys() {}

    /** The file of a master key. */
    public static Key<Path> masterKeyFile(String id) {
        return Key.optional(
                "encryption.master-keys." + id,
                Reader.path(),
                "file with a master key: 32 random bytes, raw or in base64; the same for every edge,"
                        + " worker and projector");
    }

    /** Every key a master key of that name has. */
    public static List<Key<?>> ofMasterKey(String id) {
        return List.of(masterKeyFile(id));
    }

    /** The master key that a key is about, if it is about one. */
    static Optional<String> masterKeyId(String name) {
        var match = MASTER_KEY_FILE.matcher(name);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }
}
