package io.tidemark.edge.internal.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/** An issuer of web tokens, with a key of each kind, that also signs what it should not. */
public final class Issuer {
    public static final String NAME = "https://id.example";
    public static final String AUDIENCE = "tidemark";

    final RSAKey rsa;
    final ECKey ec;
    final OctetKeyPair ed;
    private final KeyPair edPair;

    /** An issuer whose keys have names of their own. */
    public Issuer(String suffix) {
        try {
            rsa = new RSAKeyGenerator(2_048).keyID("rsa" + suffix).generate();
            ec = new ECKeyGenerator(Curve.P_256).keyID("ec" + suffix).generate();
            edPair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] encoded = edPair.getPublic().getEncoded();
            var x = Base64URL.encode(Arrays.copyOfRange(encoded, 12, encoded.length));
            ed = new OctetKeyPair.Builder(Curve.Ed25519, x).keyID("ed" + suffix).build();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it publishes. */
    public String jwks() {
        return set(rsa, ec, ed);
    }

    static String set(JWK... keys) {
        return new JWKSet(List.of(keys)).toPublicJWKSet().toString();
    }

    /** Claims that are good for a tenant at that time. */
    public static JWTClaimsSet.Builder claims(String tenant, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(List.of("else", AUDIENCE))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("tenant", tenant);
    }

    static JWSHeader.Builder header(JWSAlgorithm algorithm, String keyId) {
        return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(keyId);
    }

    /** A token signed with RS256. */
    public String rs256(JWTClaimsSet claims) {
        return rsa(header(JWSAlgorithm.RS256, rsa.getKeyID()).build(), claims);
    }

    String rsa(JWSHeader header, JWTClaimsSet claims) {
        try {
            var token = new JWSObject(header, new Payload(claims.toJSONObject()));
            token.sign(new RSASSASigner(rsa));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String es256(JWTClaimsSet claims) throws JOSEException {
        var header = header(JWSAlgorithm.ES256, ec.getKeyID()).build();
        var token = new JWSObject(header, new Payload(claims.toJSONObject()));
        token.sign(new ECDSASigner(ec));
        return token.serialize();
    }

    String edDsa(JWTClaimsSet claims) throws GeneralSecurityException {
        var head = "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}".formatted(ed.getKeyID());
        var input = text(head) + "." + text(claims.toString());
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(edPair.getPrivate());
        signature.update(input.getBytes(UTF_8));
        return input + "." + Base64URL.encode(signature.sign());
    }

    /** A token signed with a shared secret. */
    static String hs256(String keyId, byte[] secret, JWTClaimsSet claims) throws JOSEException {
        var header = header(JWSAlgorithm.HS256, keyId).build();
        var token = new JWSObject(header, new Payload(claims.toJSONObject()));
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    static String text(String json) {
        return Base64URL.encode(json).toString();
    }
}
