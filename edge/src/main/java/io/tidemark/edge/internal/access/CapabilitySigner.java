package io.tidemark.edge.internal.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.schemas.StreamId;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes capabilities as tokens and reads them back ({@code docs/protocol.md}, section 15.4):
 *
 * <pre>
 *   base64url( version 1 | scope | issued at, 8 | expires at, 8 | stream, 26 | tenant | HMAC-SHA256, 32 )
 * </pre>
 *
 * <p>The first key signs and all of them verify, so that keys can be changed while tokens are out.
 * Immutable.
 */
final class CapabilitySigner {
    private static final byte VERSION = 1;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final int ID_BYTES = 26;
    private static final int TENANT_AT = 1 + 1 + 8 + 8 + ID_BYTES;
    private static final int TENANT_BYTES_MAX = 128;
    private static final int CHARS_MAX = (TENANT_AT + TENANT_BYTES_MAX + MAC_BYTES) * 4 / 3 + 4;

    /* So that no other use of the same secret signs what reads as a capability. */
    private static final byte[] PURPOSE = "tidemark capability\n".getBytes(US_ASCII);

    private final List<SecretKeySpec> keys;

    /** A signer with these secrets, of which there is at least one. */
    CapabilitySigner(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("there must be a key for capabilities");
        }
        keys =
                secrets.stream()
                        .map(it -> new SecretKeySpec(it.getBytes(UTF_8), ALGORITHM))
                        .toList();
    }

    /** A capability as a token. */
    String write(Capability capability) {
        byte[] tenant = capability.tenant().getBytes(UTF_8);
        byte[] claims =
                ByteBuffer.allocate(TENANT_AT + tenant.length)
                        .put(VERSION)
                        .put(capability.scope().code())
                        .putLong(capability.issuedAtMs())
                        .putLong(capability.expiresAtMs())
                        .put(capability.stream().key())
                        .put(tenant)
                        .array();
        byte[] mac = mac(keys.getFirst(), claims);
        byte[] whole = Arrays.copyOf(claims, claims.length + MAC_BYTES);
        System.arraycopy(mac, 0, whole, claims.length, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /** The capability that a token is, if one of our keys has signed it. */
    Optional<Capability> read(String token) {
        byte[] whole = bytes(token);
        if (whole.length <= TENANT_AT + MAC_BYTES) {
            return Optional.empty();
        }
        byte[] claims = Arrays.copyOf(whole, whole.length - MAC_BYTES);
        byte[] mac = Arrays.copyOfRange(whole, claims.length, whole.length);
        return signed(claims, mac) ? claims(claims) : Optional.empty();
    }

    /* The one spelling that write gives it; none where it is no token at all. */
    private static byte[] bytes(String token) {
        if (token.length() > CHARS_MAX) {
            return new byte[0];
        }
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(token);
            var canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(decoded);
            return canonical.equals(token) ? decoded : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private boolean signed(byte[] claims, byte[] mac) {
        boolean signed = false;
        for (var key : keys) {
            signed |= MessageDigest.isEqual(mac(key, claims), mac);
        }
        return signed;
    }

    private static byte[] mac(SecretKeySpec key, byte[] claims) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(PURPOSE);
            return mac.doFinal(claims);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /* A version or scope that we do not know was signed by a newer edge. */
    private static Optional<Capability> claims(byte[] claims) {
        var in = ByteBuffer.wrap(claims);
        byte version = in.get();
        var scope = Scope.of(in.get());
        if (version != VERSION || scope.isEmpty()) {
            return Optional.empty();
        }
        long issuedAt = in.getLong();
        long expiresAt = in.getLong();
        byte[] id = new byte[ID_BYTES];
        in.get(id);
        byte[] tenant = new byte[in.remaining()];
        in.get(tenant);
        return Optional.of(
                new Capability(
                        StreamId.ofKey(id),
                        new String(tenant, UTF_8),
                        scope.get(),
                        issuedAt,
                        expiresAt));
    }

    @Override
    public String toString() {
        return "CapabilitySigner[keys=" + keys.size() + "]";
    }
}
