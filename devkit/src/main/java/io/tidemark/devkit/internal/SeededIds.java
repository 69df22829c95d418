package io.tidemark.devkit.internal;

import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Ids and opaque blobs of one response, shaped like the providers', the same for the same seed and
 * number. Confined to one thread.
 */
final class SeededIds {

    private final SplittableRandom random;

    SeededIds(long seed, long responseNumber) {
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + responseNumber);
    }

    /** For instance {@code msg_} and 48 hexadecimal digits. */
    String next(String prefix) {
        return "%s%016x%016x%016x"
                .formatted(prefix, random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** A shorter one, of so many characters in all. */
    String next(String prefix, int length) {
        return next(prefix).substring(0, length);
    }

    /** What a signature over reasoning looks like. */
    String signature(int bytes) {
        var content = new byte[bytes];
        random.nextBytes(content);
        return Base64.getEncoder().encodeToString(content);
    }

    /** What encrypted reasoning looks like from outside. */
    String blob(int bytes) {
        var content = new byte[bytes];
        random.nextBytes(content);
        return "gAAAAAB" + Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }
}
