package io.tidemark.standalone.settings;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the file of a master key: 32 bytes as they are, or their base64 with or without white space
 * around it. Messages name the file and sizes, never contents. Stateless.
 */
public final class MasterKeyFile {
    private static final Logger LOGGER = LoggerFactory.getLogger(MasterKeyFile.class);

    private static final int KEY_BYTES = 32;
    private static final int FILE_BYTES_MAX = 1024;
    private static final int DIFFERENT_MIN = 8;
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private MasterKeyFile() {}

    /**
     * The key in a file. That others than its owner may read it is warned of.
     *
     * @throws IllegalArgumentException if there is none; the message says what was found
     */
    public static byte[] read(Path file) {
        byte[] key = key(bytes(file), file);
        if (distinct(key) < DIFFERENT_MIN) {
            throw new IllegalArgumentException(
                    file + " must hold random bytes, has fewer than 8 different ones");
        }
        warnOfOthers(file);
        return key;
    }

    private static byte[] bytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new IllegalArgumentException(wrong(file, size));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    private static byte[] key(byte[] bytes, Path file) {
        byte[] key = bytes.length == KEY_BYTES ? bytes : decoded(bytes);
        if (key == null || key.length != KEY_BYTES) {
            throw new IllegalArgumentException(wrong(file, bytes.length));
        }
        return key;
    }

    private static byte @Nullable [] decoded(byte[] text) {
        try {
            return Base64.getDecoder().decode(new String(text, StandardCharsets.US_ASCII).strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String wrong(Path file, long bytes) {
        return "%s must hold 32 bytes, raw or in base64, found %d bytes that are neither"
                .formatted(file, bytes);
    }

    private static int distinct(byte[] key) {
        var different = new HashSet<Byte>();
        for (byte b : key) {
            different.add(b);
        }
        return different.size();
    }

    private static void warnOfOthers(Path file) {
        try {
            var open = new HashSet<>(Files.getPosixFilePermissions(file));
            open.retainAll(OTHERS);
            if (!open.isEmpty()) {
                LOGGER.atWarn()
                        .addKeyValue("file", file)
                        .log("file of a master key is open to others than its owner");
            }
        } catch (UnsupportedOperationException | IOException e) {
            LOGGER.atDebug().addKeyValue("file", file).log("permissions are not known");
        }
    }
}
