package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.InstantSource;
import java.util.Base64;
import java.util.Random;

class CursorTest {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 3);

    @Test
    void isThePlaceThatItWasWrittenFor() {
        assertThat(Cursor.read(Cursor.write(ID, "a=b"), "a=b")).isEqualTo(ID);
    }

    @Test
    void goesWithTheListItCameWithAlone() {
        var cursor = Cursor.write(ID, "status=failed&tenant=acme");

        assertInvalid(cursor, "status=failed&tenant=globex", "filters");
        assertInvalid(cursor, "tenant=acme", "filters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "====", "\u00e4", "AAAA", "0123456789"})
    void whatIsNoCursorIsRefused(String text) {
        assertInvalid(text, "", "page before");
    }

    @Test
    void whatIsNearlyACursorIsRefused() {
        var bytes = Base64.getUrlDecoder().decode(Cursor.write(ID, ""));
        bytes[0] = 2;
        assertInvalid(encoded(bytes), "", "page before");
        bytes[0] = 1;
        bytes[1] = 'U';
        assertInvalid(encoded(bytes), "", "page before");
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void assertInvalid(String text, String kind, String detail) {
        assertThatThrownBy(() -> Cursor.read(text, kind))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.problem().status()).isEqualTo(400);
                            assertThat(e.problem().field()).isEqualTo("cursor");
                            assertThat(e.problem().detail()).contains(detail);
                        });
    }
}
