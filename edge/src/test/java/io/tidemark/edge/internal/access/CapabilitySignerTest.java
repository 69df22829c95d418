package io.tidemark.edge.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;

class CapabilitySignerTest {
    private static final String FIRST = "first-0123456789-abcdefghijklmnop";
    private static final String SECOND = "second-9876543210-ponmlkjihgfedcb";
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(5), 2);
    private static final Capability CAPABILITY =
            new Capability(ID, "acme", Scope.READ, 1_000, 2_000);

    private final CapabilitySigner signer = new CapabilitySigner(List.of(FIRST));
    private final String token = signer.write(CAPABILITY);

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(signer.read(token)).contains(CAPABILITY);
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        var both = new CapabilitySigner(List.of(SECOND, FIRST));

        assertThat(both.read(token)).contains(CAPABILITY);
        assertThat(signer.read(both.write(CAPABILITY))).isEmpty();
    }

    @Test
    void noByteOfATokenCanBeChanged() {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[i] ^= (byte) (1 << bit);
                assertThat(signer.read(encoded(bytes))).as("byte %d bit %d", i, bit).isEmpty();
                bytes[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void noTokenIsReadFromPartOfOne() {
        for (int length = 0; length < token.length(); length++) {
            assertThat(signer.read(token.substring(0, length))).isEmpty();
            assertThat(signer.read(token.substring(token.length() - length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "A", " ", "\n", "%3D", "/", "+", "."})
    void nothingCanStandBehindIt(String more) {
        assertThat(signer.read(token + more)).isEmpty();
        assertThat(signer.read(more + token)).isEmpty();
    }

    @Test
    void itHasOneSpelling() {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = token.charAt(token.length() - 1);
        assertThat(alphabet.chars().filter(c -> c != last))
                .allSatisfy(other ->
                        assertThat(
                                        signer.read(
                                                token.substring(0, token.length() - 1)
                                                        + (char) other.intValue()))
                                .isEmpty());
    }

    @Test
    void aLongTextIsNotEvenDecoded() {
        assertThat(signer.read("A".repeat(10_000_000))).isEmpty();
    }

    @Test
    void theTenantCannotRunIntoTheSignature() {
        var other = new Capability(ID, "acme2", Scope.READ, 1_000, 2_000);

        assertThat(signer.write(other)).isNotEqualTo(token);
        assertThat(signer.read(signer.write(other))).contains(other);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
