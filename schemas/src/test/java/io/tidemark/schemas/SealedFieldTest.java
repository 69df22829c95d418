package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The field of ciphertexts, over seeded random events of every type. */
final class SealedFieldTest {
    private static final int CASES = 500;

    @Test
    void givesBackWhatWasAddedAndWhatItWasAddedTo() {
        Seeds.forEach(
                CASES,
                any -> {
                    byte[] json = EventCodec.encode(any.event());
                    byte[] ciphertext = bytes(any);

                    byte[] sealed = SealedField.add(json, ciphertext);

                    assertThat(SealedField.isIn(sealed)).isTrue();
                    assertThat(SealedField.ciphertext(sealed)).isEqualTo(ciphertext);
                    assertThat(SealedField.remove(sealed)).isEqualTo(json);
                });
    }

    @Test
    void noPlainEventHasIt() {
        Seeds.forEach(
                CASES,
                any -> {
                    byte[] json = EventCodec.encode(any.event());

                    assertThat(SealedField.isIn(json)).isFalse();
                    assertThat(SealedField.ciphertext(json)).isNull();
                    assertThat(SealedField.remove(json)).isSameAs(json);
                });
    }

    @Test
    void isNotFoundInWhatOnlyLooksLikeIt() {
        for (var json :
                new String[] {
                    "",
                    "}",
                    "\"}",
                    "{\"text\":\",\\\"sealed\\\":\\\"aGk=\"}",
                    "{\"sealed\":\"aGk=\"}",
                    "{\"a\":1,\"sealed\":\"not base64!\"}",
                    "{\"a\":1,\"sealed\":\"aGk=\",\"b\":1}",
                    "{\"a\":1,\"sealed\":\"aGk=\" }"
                }) {
            assertThat(SealedField.isIn(json.getBytes(StandardCharsets.UTF_8))).as(json).isFalse();
        }
    }

    @Test
    void holdsNoCiphertextThatIsNoBase64() {
        var json = "{\"a\":1,\"sealed\":\"aGk\\u003d=\"}".replace("\\u003d", "==");

        assertThat(SealedField.isIn(json.getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(SealedField.ciphertext(json.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void anEventWithItFoldsToTheSameLedgerRow() {
        Seeds.forEach(
                CASES,
                any -> {
                    var whole = new ResponseFold();
                    var sealed = new ResponseFold();
                    for (var event : any.stream(40)) {
                        byte[] rest = ErasedEvent.of(EventCodec.encode(event));
                        whole.add(1, event);
                        sealed.add(1, EventCodec.decode(SealedField.add(rest, bytes(any))));
                    }

                    assertThat(row(sealed)).isEqualTo(row(whole));
                });
    }

    @Test
    void goldenSealedEventsAreValidAndFoundToBeSealed() throws Exception {
        assertThat(Goldens.in("sealed"))
                .isNotEmpty()
                .allSatisfy(golden -> {
                    assertThat(ShippedSchema.EVENT.problemsOf(golden.bytes())).isEmpty();
                    assertThat(SealedField.ciphertext(golden.bytes())).isNotNull();
                    byte[] rest = SealedField.remove(golden.bytes());
                    assertThat(ErasedEvent.of(golden.bytes())).isEqualTo(rest);
                    assertThat(ErasedEvent.of(rest)).isEqualTo(rest);
                });
    }

    private static byte[] bytes(EventGenerator any) {
        var bytes = new byte[any.values().random.nextInt(200)];
        any.values().random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] row(ResponseFold fold) {
        return ResponseCodec.encode(fold.usageRow().orElseThrow());
    }
}
