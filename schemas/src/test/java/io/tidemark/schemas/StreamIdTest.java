package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;

class StreamIdTest {
    private static final long MILLIS_MAX = 0xFFFF_FFFF_FFFFL;

    @Test
    void holdsTimePartitionAndRandomnessInThatOrder() {
        var id = mint(0x0123_4567_89ABL, 0xCDEF, 0xFEDC_BA98_7654_3210L);

        assertThat(bitsOf(id)).isEqualTo("0123456789abcdeffedcba9876543210");
        assertThat(id.time()).isEqualTo(Instant.ofEpochMilli(0x0123_4567_89ABL));
        assertThat(id.partition()).isEqualTo(0xCDEF);
    }

    @Test
    void readsTheTimeOfTheUlidSpecificationsExample() {
        var id = StreamId.parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");

        assertThat(id.time()).isEqualTo(Instant.parse("2016-07-30T23:54:10.259Z"));
        assertThat(id).hasToString("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }

    @Test
    void roundTripsThroughTextAndKey() {
        Seeds.forEach(
                2000,
                any -> {
                    var random = any.values().random;
                    long millis = random.nextLong() & MILLIS_MAX;
                    int partition = random.nextInt(StreamId.PARTITION_MAX + 1);
                    var id = mint(millis, partition, random.nextLong());

                    assertThat(StreamId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
                    assertThat(StreamId.ofKey(id.key())).isEqualTo(id);
                    assertThat(id.partition()).isEqualTo(partition);
                    assertThat(id.time().toEpochMilli()).isEqualTo(millis);
                });
    }

    @Test
    void sortsAlikeAsIdAsTextAndAsKeyAndByTimeFirst() {
        Seeds.forEach(
                20,
                any -> {
                    var random = any.values().random;
                    var ids = new ArrayList<StreamId>();
                    for (int i = 0; i < 200; i++) {
                        long millis = (long) random.nextInt(3) << 40 | random.nextInt(3);
                        ids.add(mint(millis, random.nextInt(4) << 14, random.nextLong()));
                    }
                    ids.sort(Comparator.naturalOrder());

                    assertThat(ids).isSortedAccordingTo(Comparator.comparing(StreamId::toString));
                    assertThat(ids)
                            .isSortedAccordingTo(
                                    (a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
                    assertThat(ids).isSortedAccordingTo(Comparator.comparing(StreamId::time));
                });
    }

    @Test
    void keyIsTheTextInAsciiAndFreshOnEachCall() {
        var id = mint(1, 2, 3);

        assertThat(id.key()).isEqualTo(id.toString().getBytes(StandardCharsets.US_ASCII));
        assertThat(id.key()).isNotSameAs(id.key());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesAPartitionThatDoesNotFit(int partition) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mint(0, partition, 0))
                .withMessage("partition must be 0 to 65535, was " + partition);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, MILLIS_MAX + 1, Long.MIN_VALUE})
    void refusesATimeThatDoesNotFit(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mint(millis, 0, 0))
                .withMessage("time must fit in 48 bits, was " + millis);
    }

    @Test
    void reachesBothEndsOfItsRange() {
        assertThat(mint(0, 0, 0)).hasToString("0".repeat(26));
        assertThat(mint(MILLIS_MAX, StreamId.PARTITION_MAX, -1)).hasToString("7" + "Z".repeat(25));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|a stream id has 26 characters, found 0",
                "0123456789ABCDEFGHJKMNPQR|a stream id has 26 characters, found 25",
                "0123456789ABCDEFGHJKMNPQRST|a stream id has 26 characters, found 27",
                "80000000000000000000000000|a stream id starts with 0 to 7, found 8",
                "Z0000000000000000000000000|a stream id starts with 0 to 7, found Z",
            })
    void saysWhatIsWrongWithATextOfAnotherShape(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.parse(text))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(chars = {'I', 'L', 'O', 'U', 'a', 'z', '-', ' ', '\n', '\u0000', 'é', '\ud83d'})
    void namesTheFirstCharacterThatIsNotInTheAlphabet(char odd) {
        var text = "01ARZ" + odd + "NDEKTSV4RRFFQ69G5FAU";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.parse(text))
                .withMessage(
                        "character 5 of a stream id must be one of 0123456789ABCDEFGHJKMNPQRSTVWXYZ,"
                                + " found U+%04X",
                        (int) odd);
    }

    @Test
    void refusesAKeyThatIsNotAscii() {
        var key = "01ARZ3NDEKTSV4RRFFQ69G5FAV".getBytes(StandardCharsets.US_ASCII);
        key[25] = (byte) 0xFF;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.ofKey(key))
                .withMessageContaining("character 25");
    }

    private static StreamId mint(long millis, int partition, long randomness) {
        RandomGenerator random = () -> randomness;
        return StreamId.mint(() -> Instant.ofEpochMilli(millis), random, partition);
    }

    /* Decoded with nothing of the class under test. */
    private static String bitsOf(StreamId id) {
        var value = BigInteger.ZERO;
        for (char c : id.toString().toCharArray()) {
            int digit = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(c);
            value = value.shiftLeft(5).or(BigInteger.valueOf(digit));
        }
        return "%032x".formatted(value);
    }
}
