package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class IdempotencyKeyTest {
    private static IdempotencyKey key(String value) {
        return requireNonNull(IdempotencyKey.of(List.of(value)));
    }

    private static String digest(String value) {
        return key(value).digest(null).digest();
    }

    @Test
    void aRequestWithoutTheHeaderHasNoKey() {
        assertThat(IdempotencyKey.of(List.of())).isNull();
    }

    @Test
    void quotesAreNoPartOfIt() {
        assertThat(digest("\"8e03978e-40d5\"")).isEqualTo(digest(" 8e03978e-40d5 "));
        assertThat(digest("\"a\\\"b\\\\\"")).isNotEqualTo(digest("\"ab\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "a b",
                "a,b",
                "\"a\", \"b\"",
                "\"a",
                "\"\\a\"",
                "\"a\";p=1",
                "ä"
            })
    void whatIsNoStringIsRefusedWithoutBeingShown(String value) {
        var problem =
                requireNonNull(catchThrowableOfType(ProblemException.class, () -> key(value)))
                        .problem();

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.field()).isEqualTo("Idempotency-Key");
    }

    @Test
    void aKeyHasUpTo256CharactersAndIsGivenOnce() {
        assertThat(digest("k".repeat(256))).hasSize(43);
        assertThat(
                        requireNonNull(
                                        catchThrowableOfType(
                                                ProblemException.class, () -> key("k".repeat(257))))
                                .problem()
                                .detail())
                .isEqualTo("it has 1 to 256 characters, found 257");
        assertThat(
                        catchThrowableOfType(
                                ProblemException.class, () -> IdempotencyKey.of(List.of("a", "a"))))
                .isNotNull();
    }

    @Test
    void everyTenantHasItsOwn() {
        var key = key("k");

        assertThat(key.digest("acme")).isEqualTo(key("k").digest("acme"));
        assertThat(List.of(key.digest("acme"), key.digest("globex"), key.digest(null)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aFingerprintIsOfTheBodyAndTellsNothingWithoutTheKey() {
        var body = "body".getBytes(UTF_8);

        assertThat(key("k").fingerprint(body)).isEqualTo(key("k").fingerprint(body.clone()));
        assertThat(key("k").fingerprint(body))
                .isNotEqualTo(key("k").fingerprint("bodY".getBytes(UTF_8)))
                .isNotEqualTo(key("l").fingerprint(body));
    }

    @Test
    void itIsNotShown() {
        assertThat(key("c4n4ryc4")).hasToString("IdempotencyKey[chars=8]");
    }
}
