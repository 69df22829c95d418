package io.tidemark.seal;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in Galois/Counter Mode (NIST SP 800-38D): a random nonce of 96 bits, the ciphertext and a
 * tag of 128 bits, in this order. Stateless.
 */
final class AesGcm {
    static final int KEY_BYTES = 32;

    /** What the ciphertext is longer than the text. */
    static final int OVERHEAD_BYTES = 28;

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private AesGcm() {}

    static SecretKey key(byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key must have %d bytes, has %d".formatted(KEY_BYTES, bytes.length));
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /**
     * Seals a text.
     *
     * @param place what it is bound to: it is opened with the same alone
     * @param random unpredictable
     */
    static byte[] seal(SecretKey key, byte[] text, byte[] place, RandomGenerator random) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, place);
            var sealed = Arrays.copyOf(nonce, text.length + OVERHEAD_BYTES);
            cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no " + TRANSFORMATION, e);
        }
    }

    /** The text; absent if it was sealed with another key, for another place, or changed since. */
    static byte @Nullable [] open(SecretKey key, byte[] sealed, byte[] place) {
        if (sealed.length < OVERHEAD_BYTES) {
            return null;
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE_BYTES), place)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no " + TRANSFORMATION, e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] place)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }
}
