package io.tidemark.edge.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Web tokens of an issuer, and what somebody makes who would like to be one. */
class JwtsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Issuer ISSUER = new Issuer("");
    private static final Issuer STRANGER = new Issuer("");

    private static Jwts jwts(String set) throws Exception {
        var clock = InstantSource.fixed(NOW);
        var keys = new TrustedKeys(() -> set, clock);
        keys.load();
        return new Jwts(new Jwts.Expected(Issuer.NAME, Issuer.AUDIENCE, "tenant"), keys, clock);
    }

    private static JWTClaimsSet.Builder good() {
        return Issuer.claims("acme", NOW);
    }

    @Test
    void eachAllowedAlgorithmIsTaken() throws Exception {
        var jwts = jwts(ISSUER.jwks());

        assertThat(jwts.tenantOf(ISSUER.rs256(good().build()))).contains("acme");
        assertThat(jwts.tenantOf(ISSUER.es256(good().build()))).contains("acme");
        assertThat(jwts.tenantOf(ISSUER.edDsa(good().build()))).contains("acme");
    }

    static Stream<Arguments> forged() throws Exception {
        var good = ISSUER.rs256(good().build());
        var parts = good.split("\\.", -1);
        var kid = ISSUER.rsa.getKeyID();
        byte[] publicKey = ISSUER.rsa.toRSAPublicKey().getEncoded();
        byte[] publicJson = ISSUER.rsa.toPublicJWK().toString().getBytes(UTF_8);
        var none = Issuer.text("{\"alg\":\"none\"}");
        var noneWithKey = Issuer.text("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}");
        var capital = Issuer.text("{\"alg\":\"nOnE\",\"kid\":\"" + kid + "\"}");
        var otherClaims = Issuer.text(Issuer.claims("globex", NOW).build().toString());
        return Stream.of(
                Arguments.of("alg none", none + "." + parts[1] + "."),
                Arguments.of(
                        "alg none and a signature", noneWithKey + "." + parts[1] + "." + parts[2]),
                Arguments.of("alg nOnE", capital + "." + parts[1] + "."),
                Arguments.of("no signature", parts[0] + "." + parts[1] + "."),
                Arguments.of("other claims", parts[0] + "." + otherClaims + "." + parts[2]),
                Arguments.of("a wrong key", STRANGER.rs256(good().build())),
                Arguments.of("a wrong curve key", STRANGER.es256(good().build())),
                Arguments.of("a wrong Edwards key", STRANGER.edDsa(good().build())),
                Arguments.of(
                        "HS256 with the public key", Issuer.hs256(kid, publicKey, good().build())),
                Arguments.of("HS256 with the JWK", Issuer.hs256(kid, publicJson, good().build())),
                Arguments.of(
                        "another algorithm of the same key",
                        ISSUER.rsa(Issuer.header(JWSAlgorithm.RS512, kid).build(), good().build())),
                Arguments.of(
                        "a probabilistic one",
                        ISSUER.rsa(Issuer.header(JWSAlgorithm.PS256, kid).build(), good().build())),
                Arguments.of(
                        "a key of another kind",
                        ISSUER.rsa(
                                Issuer.header(JWSAlgorithm.RS256, ISSUER.ec.getKeyID()).build(),
                                good().build())),
                Arguments.of(
                        "no key named",
                        ISSUER.rsa(new JWSHeader(JWSAlgorithm.RS256), good().build())),
                Arguments.of(
                        "a key of its own in the header",
                        STRANGER.rsa(
                                Issuer.header(JWSAlgorithm.RS256, "mine")
                                        .jwk(STRANGER.rsa.toPublicJWK())
                                        .build(),
                                good().build())),
                Arguments.of(
                        "something critical",
                        ISSUER.rsa(
                                Issuer.header(JWSAlgorithm.RS256, kid)
                                        .criticalParams(Set.of("exp2"))
                                        .customParam("exp2", 1)
                                        .build(),
                                good().build())),
                Arguments.of("another issuer", ISSUER.rs256(good().issuer("https://evil").build())),
                Arguments.of("no issuer", ISSUER.rs256(good().issuer(null).build())),
                Arguments.of("another audience", ISSUER.rs256(good().audience("else").build())),
                Arguments.of("no audience", ISSUER.rs256(good().audience(List.of()).build())),
                Arguments.of("expired", ISSUER.rs256(good().expirationTime(at(-31)).build())),
                Arguments.of("no end", ISSUER.rs256(good().expirationTime(null).build())),
                Arguments.of("not yet", ISSUER.rs256(good().notBeforeTime(at(31)).build())),
                Arguments.of(
                        "issued in the future", ISSUER.rs256(good().issueTime(at(31)).build())),
                Arguments.of("no tenant", ISSUER.rs256(good().claim("tenant", null).build())),
                Arguments.of(
                        "a tenant that is none",
                        ISSUER.rs256(good().claim("tenant", "a b").build())),
                Arguments.of(
                        "two tenants", ISSUER.rs256(good().claim("tenant", List.of("a")).build())),
                Arguments.of(
                        "oversized", ISSUER.rs256(good().claim("x", "y".repeat(9_000)).build())),
                Arguments.of("claims that are no object", claims("[]")),
                Arguments.of("claims that are no JSON", claims("x")),
                Arguments.of("deep claims", claims("[".repeat(2_000) + "]".repeat(2_000))),
                Arguments.of("dots", ".."),
                Arguments.of("five parts", good + ".a.b"));
    }

    private static String claims(String json) {
        return Issuer.text("{\"alg\":\"RS256\",\"kid\":\"rsa\"}") + "." + Issuer.text(json) + ".AA";
    }

    private static Date at(int seconds) {
        return Date.from(NOW.plusSeconds(seconds));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void whatIsNotTheIssuersIsRefused(String what, String token) throws Exception {
        assertThat(jwts(ISSUER.jwks()).tenantOf(token)).as(what).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-29, 0, 300})
    void clocksMayDifferALittle(int seconds) throws Exception {
        var token = ISSUER.rs256(good().expirationTime(at(seconds)).notBeforeTime(at(29)).build());

        assertThat(jwts(ISSUER.jwks()).tenantOf(token)).contains("acme");
    }

    @Test
    void aKeyThatIsNotForSignaturesOrTooShortCountsForNothing() throws Exception {
        var encrypting =
                new RSAKey.Builder(ISSUER.rsa.toRSAPublicKey())
                        .keyID(ISSUER.rsa.getKeyID())
                        .keyUse(KeyUse.ENCRYPTION)
                        .build();
        var weak = new RSAKeyGenerator(1_024, true).keyID(ISSUER.rsa.getKeyID()).generate();
        var token = ISSUER.rs256(good().build());

        assertThat(jwts(Issuer.set(encrypting)).tenantOf(token)).isEmpty();
        assertThat(jwts(Issuer.set(weak)).tenantOf(token)).isEmpty();
    }
}
