package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

class TidemarkSerdesTest {
    private static final String TOPIC = "tidemark.any";

    @ParameterizedTest
    @MethodSource("serdes")
    void whatIsNotOfTheContractIsAValueThatSaysSo(Serde<?> serde) {
        for (var text : new String[] {"", "hello", "[]", "{}", "{\"schemaVersion\":2}"}) {
            assertThat(serde.deserializer().deserialize(TOPIC, bytes(text)))
                    .as(text)
                    .isInstanceOfSatisfying(
                            Decoded.Malformed.class,
                            malformed -> {
                                assertThat(malformed.field()).isNotBlank();
                                assertThat(malformed.problem()).isNotBlank();
                                assertThat(malformed.sizeBytes()).isEqualTo(text.length());
                            });
        }
    }

    @ParameterizedTest
    @MethodSource("serdes")
    void whatIsMalformedIsNotQuoted(Serde<?> serde) {
        var read =
                serde.deserializer()
                        .deserialize(TOPIC, bytes("{\"requestId\":\"a secret\",\"type\":7}"));

        assertThat(read).asString().doesNotContain("secret");
    }

    @ParameterizedTest
    @MethodSource("serdes")
    void noValueIsNull(Serde<?> serde) {
        assertThat(serde.deserializer().deserialize(TOPIC, (byte[]) null)).isNull();
        assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
    }

    private static Stream<Serde<?>> serdes() {
        return Stream.of(
                TidemarkSerdes.events(),
                TidemarkSerdes.responses(),
                TidemarkSerdes.usage(),
                TidemarkSerdes.rollups());
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyGoldenEventComesBackByteForByte(Goldens.Golden golden) {
        assertComesBack(TidemarkSerdes.events(), golden.bytes());
    }

    private static Stream<Goldens.Golden> events() throws Exception {
        return Goldens.in("events");
    }

    @ParameterizedTest
    @MethodSource("responses")
    void everyGoldenResponseComesBackByteForByte(Goldens.Golden golden) {
        assertComesBack(TidemarkSerdes.responses(), golden.bytes());
    }

    private static Stream<Goldens.Golden> responses() throws Exception {
        return Goldens.in("responses");
    }

    @ParameterizedTest
    @MethodSource("usage")
    void everyGoldenLedgerRowComesBackByteForByte(Goldens.Golden golden) {
        assertComesBack(TidemarkSerdes.usage(), golden.bytes());
    }

    private static Stream<Goldens.Golden> usage() throws Exception {
        return Goldens.in("usage");
    }

    @ParameterizedTest
    @MethodSource("rollups")
    void everyGoldenRollupComesBackByteForByte(Goldens.Golden golden) {
        assertComesBack(TidemarkSerdes.rollups(), golden.bytes());
    }

    private static Stream<Goldens.Golden> rollups() throws Exception {
        return Goldens.in("rollups");
    }

    private static <T> void assertComesBack(Serde<Decoded<T>> serde, byte[] json) {
        var read = requireNonNull(serde.deserializer().deserialize(TOPIC, json));

        assertThat(read).isInstanceOf(Decoded.Value.class);
        assertThat(new String(serde.serializer().serialize(TOPIC, read), UTF_8))
                .isEqualTo(new String(json, UTF_8));
    }

    @Test
    void anEventOfATypeThatIsNotKnownIsReadAndNotWritten() {
        var events = TidemarkSerdes.events();
        var json =
                """
                {"schemaVersion":1,"type":"text.colour","requestId":"01M7WPCSG0002G28T5CY4TQKFF",\
                "sequence":3,"at":1795185600000,"colour":"blue"}\
                """;

        var read = requireNonNull(events.deserializer().deserialize(TOPIC, bytes(json)));

        assertThat(read)
                .isInstanceOfSatisfying(
                        Decoded.Value.class,
                        value ->
                                assertThat(((StreamEvent) value.value()).body())
                                        .isInstanceOf(EventBody.Unknown.class));
        assertThatThrownBy(() -> events.serializer().serialize(TOPIC, read))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void whatWasMalformedIsNotWrittenAgain() {
        var usage = TidemarkSerdes.usage();

        assertThatThrownBy(() ->
                        usage.serializer()
                                .serialize(TOPIC, new Decoded.Malformed<>("usage", "missing", 7)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("malformed value of 7 bytes")
                .hasMessageContaining(TOPIC);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
