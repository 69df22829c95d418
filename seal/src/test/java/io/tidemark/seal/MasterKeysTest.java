package io.tidemark.seal;

import static io.tidemark.seal.Streams.ID;
import static io.tidemark.seal.Streams.RANDOM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.WrappedKey;

import org.junit.jupiter.api.Test;

import java.util.Base64;
import java.util.Map;

final class MasterKeysTest {
    private final DataKey key = DataKey.of(ID, RANDOM);

    @Test
    void aWrappedKeyOpensWhatTheKeySealed() {
        var sealed = Streams.sealed(Streams.text(3, "hello"), key);

        var unwrapped = Streams.MASTERS.unwrap(Streams.MASTERS.wrap(key, 17, RANDOM)).orElseThrow();

        assertThat(Streams.opener(unwrapped).opened(sealed)).isPresent();
    }

    @Test
    void isNamedByTheMasterKeyThatWrappedIt() {
        var wrapped = Streams.masters("m2", "m1", "m2").wrap(key, 17, RANDOM);

        assertThat(wrapped.masterKey()).isEqualTo("m2");
        assertThat(wrapped.at()).isEqualTo(17);
        assertThat(Streams.masters("m3", "m2", "m3").unwrap(wrapped)).isPresent();
    }

    @Test
    void noOtherMasterKeyOpensIt() {
        var wrapped = Streams.MASTERS.wrap(key, 17, RANDOM);
        var renamed = new WrappedKey(ID, 17, "m2", wrapped.wrapped());

        assertThat(Streams.masters("m2", "m2").unwrap(wrapped)).isEmpty();
        assertThat(Streams.masters("m2", "m1", "m2").unwrap(renamed)).isEmpty();
        assertThat(MasterKeys.NONE.unwrap(wrapped)).isEmpty();
    }

    @Test
    void isNotTheKeyOfAnotherStream() {
        var wrapped = Streams.MASTERS.wrap(key, 17, RANDOM);
        var moved = new WrappedKey(Streams.mint(), 17, "m1", wrapped.wrapped());

        assertThat(Streams.MASTERS.unwrap(moved)).isEmpty();
    }

    @Test
    void whatIsNoWrappedKeyIsNone() {
        var short32 = Base64.getEncoder().encodeToString(new byte[10]);

        assertThat(Streams.MASTERS.unwrap(new WrappedKey(ID, 1, "m1", "not base64"))).isEmpty();
        assertThat(Streams.MASTERS.unwrap(new WrappedKey(ID, 1, "m1", short32))).isEmpty();
    }

    @Test
    void newStreamsAreSealedOnlyUnderACurrentKey() {
        var reading = MasterKeys.of(Map.of("m1", bytes()), null);

        assertThat(reading.sealing()).isFalse();
        assertThat(reading.isEmpty()).isFalse();
        assertThat(MasterKeys.NONE.isEmpty()).isTrue();
        assertThatThrownBy(() -> reading.wrap(key, 1, RANDOM))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsWrongIsSaidWithoutTheKeys() {
        assertThatThrownBy(() -> MasterKeys.of(Map.of("m1", new byte[16]), "m1"))
                .hasMessage("a key must have 32 bytes, has 16");
        assertThatThrownBy(() -> MasterKeys.of(Map.of("m1", bytes()), "m2"))
                .hasMessage("the current master key must be one of [m1], was m2");
        assertThatThrownBy(() -> MasterKeys.of(Map.of("M 1", bytes()), null))
                .hasMessageContaining("must match");
    }

    @Test
    void showNothingOfThemselves() {
        var bytes = bytes();

        assertThat(MasterKeys.of(Map.of("m1", bytes), "m1"))
                .hasToString("MasterKeys[names=[m1], current=m1]");
        assertThat(key).hasToString("DataKey[id=" + ID + "]");
        assertThat(new StreamSeal.Sealed(key, RANDOM).toString())
                .isEqualTo("Sealed[DataKey[id=" + ID + "]]");
    }

    private static byte[] bytes() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
