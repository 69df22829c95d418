package io.tidemark.edge.internal.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the tenant that a JSON web token of one issuer speaks for (RFC 7519, RFC 8725). The key
 * says how a token may be signed, never the token: an algorithm counts only if it is one of three
 * and the named key is of its kind. Thread-safe; may wait for the issuer's keys.
 */
public final class Jwts {
    private static final Logger LOGGER = LoggerFactory.getLogger(Jwts.class);

    private static final int CHARS_MAX = 8_192;
    private static final int RSA_BITS_MIN = 2_048;
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /* What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int ED25519_BYTES = 32;

    /**
     * What a token must say.
     *
     * @param issuer its {@code iss}
     * @param audience one of its {@code aud}
     * @param tenantClaim the claim that names the tenant
     */
    public record Expected(String issuer, String audience, String tenantClaim) {}

    private final Expected expected;
    private final TrustedKeys keys;
    private final InstantSource clock;

    /**
     * Opens the keys of an issuer.
     *
     * @param keys a file, or an address that is asked for them
     * @param client used for an address, not closed
     * @throws IllegalArgumentException if a file holds none; an address is asked again later
     */
    public static Jwts open(Expected expected, URI keys, HttpClient client, InstantSource clock) {
        boolean file = "file".equals(keys.getScheme());
        var trusted =
                new TrustedKeys(
                        file ? KeySources.file(Path.of(keys)) : KeySources.address(keys, client),
                        clock);
        try {
            trusted.load();
        } catch (IOException e) {
            if (file) {
                throw new IllegalArgumentException(
                        "edge.jwt-keys: %s holds no JWK set: %s".formatted(keys, e.getMessage()),
                        e);
            }
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("keys of the issuer cannot be read yet, tokens are refused");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Jwts(expected, trusted, clock);
    }

    Jwts(Expected expected, TrustedKeys keys, InstantSource clock) {
        this.expected = expected;
        this.keys = keys;
        this.clock = clock;
    }

    /** The tenant that a token speaks for, if it is one that counts. */
    Optional<String> tenantOf(String token) {
        try {
            return token.length() > CHARS_MAX ? Optional.empty() : verified(SignedJWT.parse(token));
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<String> verified(SignedJWT token)
            throws ParseException, JOSEException, GeneralSecurityException, InterruptedException {
        var header = token.getHeader();
        /* Nothing that it marks as critical is understood here. */
        if (!known(header.getAlgorithm()) || header.getCriticalParams() != null) {
            return Optional.empty();
        }
        var key = keys.find(header.getKeyID());
        if (key.isEmpty() || !signs(key.get(), header.getAlgorithm())) {
            return Optional.empty();
        }
        return signed(token, header, key.get())
                ? tenant(token.getJWTClaimsSet())
                : Optional.empty();
    }

    private static boolean known(JWSAlgorithm algorithm) {
        return JWSAlgorithm.RS256.equals(algorithm)
                || JWSAlgorithm.ES256.equals(algorithm)
                || JWSAlgorithm.EdDSA.equals(algorithm);
    }

    private static boolean signs(JWK key, JWSAlgorithm algorithm) {
        boolean use = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
        return use && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
    }

    private static boolean signed(SignedJWT token, JWSHeader header, JWK key)
            throws JOSEException, GeneralSecurityException {
        var algorithm = header.getAlgorithm();
        return switch (key) {
            case RSAKey rsa when JWSAlgorithm.RS256.equals(algorithm) ->
                    rsa.size() >= RSA_BITS_MIN && token.verify(new RSASSAVerifier(rsa));
            case ECKey ec when JWSAlgorithm.ES256.equals(algorithm) ->
                    Curve.P_256.equals(ec.getCurve()) && token.verify(new ECDSAVerifier(ec));
            case OctetKeyPair pair when JWSAlgorithm.EdDSA.equals(algorithm) ->
                    Curve.Ed25519.equals(pair.getCurve()) && edSigned(token, pair);
            default -> false;
        };
    }

    /* The library needs another one for this, the platform does not. */
    private static boolean edSigned(SignedJWT token, OctetKeyPair pair)
            throws GeneralSecurityException {
        byte[] x = pair.getX().decode();
        if (x.length != ED25519_BYTES) {
            return false;
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }

    private Optional<String> tenant(@Nullable JWTClaimsSet claims) throws ParseException {
        if (claims == null
                || !expected.issuer().equals(claims.getIssuer())
                || !claims.getAudience().contains(expected.audience())
                || !current(claims)) {
            return Optional.empty();
        }
        return Optional.ofNullable(claims.getStringClaim(expected.tenantClaim()))
                .filter(tenant -> TENANT.matcher(tenant).matches());
    }

    private boolean current(JWTClaimsSet claims) {
        var now = clock.instant();
        var expires = claims.getExpirationTime();
        return expires != null
                && expires.toInstant().plus(SKEW).isAfter(now)
                && begun(claims.getNotBeforeTime(), now)
                && begun(claims.getIssueTime(), now);
    }

    private static boolean begun(@Nullable Date time, Instant now) {
        return time == null || !time.toInstant().minus(SKEW).isAfter(now);
    }
}
