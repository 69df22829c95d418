package io.tidemark.standalone;

import io.tidemark.seal.MasterKeys;
import io.tidemark.standalone.settings.EncryptionKeys;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.MasterKeyFile;
import io.tidemark.standalone.settings.Settings;

import java.util.TreeMap;

/** Turns settings into the master keys that they name. Stateless. */
final class Encryption {
    private Encryption() {}

    /**
     * The master keys, {@link MasterKeys#NONE} where no setting names any.
     *
     * @throws InvalidSettingsException if a file holds no key, or the current one is not named
     */
    static MasterKeys masterKeys(Settings settings) {
        var keys = new TreeMap<String, byte[]>();
        for (var id : settings.masterKeyIds()) {
            var key = EncryptionKeys.masterKeyFile(id);
            try {
                keys.put(id, MasterKeyFile.read(settings.get(key)));
            } catch (IllegalArgumentException e) {
                throw new InvalidSettingsException(key.name() + ": " + e.getMessage());
            }
        }
        try {
            return MasterKeys.of(keys, settings.find(EncryptionKeys.MASTER_KEY).orElse(null));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(
                    EncryptionKeys.MASTER_KEY.name() + ": " + e.getMessage());
        }
    }
}
