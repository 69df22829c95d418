package io.tidemark.edge.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.schemas.StartKey;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a caller sends as {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a
 * string of RFC 9651, or the same without quotes where it needs none. It is the caller's, and goes
 * nowhere: others see a digest. Immutable.
 */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";

    private static final int CHARS_MAX = 256;
    private static final String QUOTED =
            "\"(?:[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*\"";
    private static final String BARE = "[A-Za-z0-9._~:/+=@-]*";
    private static final String DOMAIN = "tidemark start key\n";
    private static final String HMAC = "HmacSHA256";

    private final String key;

    private IdempotencyKey(String key) {
        this.key = key;
    }

    /**
     * The key of a request.
     *
     * @param values all that the header's lines say
     * @return null if there is none
     * @throws ProblemException if it is none that can be used
     */
    static @Nullable IdempotencyKey of(List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw invalid("it may be given once");
        }
        var value = values.getFirst().strip();
        boolean quoted = value.matches(QUOTED);
        if (!quoted && !value.matches(BARE)) {
            throw invalid(
                    "it is a string in double quotes, or letters, digits and ._~:/+=@- without");
        }
        var key = quoted ? unquoted(value) : value;
        if (key.isEmpty() || key.length() > CHARS_MAX) {
            throw invalid("it has 1 to %d characters, found %d".formatted(CHARS_MAX, key.length()));
        }
        return new IdempotencyKey(key);
    }

    private static String unquoted(String value) {
        return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(Problem.invalid(HEADER, why));
    }

    /** The key as the log has it; every tenant has its own. */
    StartKey digest(@Nullable String tenant) {
        var owner = tenant == null ? "\n" : tenant + "\n";
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return new StartKey(base64(sha.digest((DOMAIN + owner + key).getBytes(UTF_8))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /**
     * Of a body: the same for the same bytes. Keyed, so that whoever reads the log cannot try what
     * a prompt may have been.
     */
    String fingerprint(byte[] body) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.getBytes(US_ASCII), HMAC));
            return base64(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "IdempotencyKey[chars=" + key.length() + "]";
    }
}
