package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Histogram.Bucket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class HistogramTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "31, 31",
        "32, 33",
        "33, 33",
        "34, 35",
        "63, 63",
        "64, 67",
        "455, 463",
        "1000, 1023",
        "9223372036854775807, 9223372036854775807"
    })
    void putsANumberInTheBucketOfTheContract(long number, long bound) {
        assertThat(Histogram.of(number).buckets()).containsExactly(new Bucket(bound, 1));
    }

    @Test
    void isLessThan625BasisPointsAbove() {
        Seeds.randomly(
                5_000,
                random -> {
                    long number = anyNumber(random);
                    long bound = Histogram.boundOf(number);

                    assertThat(bound).isGreaterThanOrEqualTo(number);
                    assertThat(BigInteger.valueOf(bound - number).multiply(BigInteger.valueOf(16)))
                            .isLessThan(BigInteger.valueOf(Math.max(1, number)));
                    assertThat(Histogram.boundOf(bound)).isEqualTo(bound);
                });
    }

    @Test
    void hasNoMoreBucketsThanItSays() {
        int buckets = 1;
        for (long bound = 0; bound < Long.MAX_VALUE; bound = Histogram.boundOf(bound + 1)) {
            buckets++;
        }

        assertThat(buckets).isEqualTo(Histogram.BUCKETS_MAX);
    }

    @Test
    void isTheSameInWhateverOrderItIsMerged() {
        Seeds.randomly(
                200,
                random -> {
                    var parts = new ArrayList<Histogram>();
                    for (int i = 0; i < 30; i++) {
                        parts.add(Histogram.of(anyNumber(random)));
                    }
                    var inOrder = parts.stream().reduce(Histogram.EMPTY, Histogram::plus);
                    Collections.shuffle(parts, random);
                    while (parts.size() > 1) {
                        var one = parts.remove(random.nextInt(parts.size()));
                        var two = parts.remove(random.nextInt(parts.size()));
                        parts.add(one.plus(two));
                    }

                    assertThat(parts.getFirst()).isEqualTo(inOrder);
                    assertThat(inOrder.count()).isEqualTo(30);
                });
    }

    @Test
    void tellsAQuantileThatIsNeverTooSmallAndHardlyTooLarge() {
        Seeds.randomly(
                500,
                random -> {
                    var numbers = new ArrayList<Long>();
                    var histogram = Histogram.EMPTY;
                    for (int i = 0; i <= random.nextInt(60); i++) {
                        numbers.add(anyNumber(random));
                        histogram = histogram.plus(Histogram.of(numbers.getLast()));
                    }
                    Collections.sort(numbers);
                    for (var share : List.of(0.0, 0.5, 0.9, 0.99, 1.0)) {
                        int rank = Math.max(1, (int) Math.ceil(share * numbers.size() - 1e-9));
                        long exact = numbers.get(rank - 1);

                        long told = histogram.quantile(share).orElseThrow();

                        assertThat(told).isEqualTo(Histogram.boundOf(exact));
                    }
                });
    }

    @Test
    void hasNoQuantileOfNothing() {
        assertThat(Histogram.EMPTY.quantile(0.5)).isEmpty();
        assertThatThrownBy(() -> Histogram.EMPTY.quantile(1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> Histogram.EMPTY.quantile(Double.NaN)).hasMessageContaining("NaN");
    }

    @Test
    void sumsWithoutOverflow() {
        var most = Histogram.of(Long.MAX_VALUE);

        assertThat(most.plus(most).sum())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).shiftLeft(1));
    }

    @Test
    void refusesBucketsThatAreNone() {
        assertThatThrownBy(() -> new Bucket(34, 1)).hasMessageContaining("[34, 1]");
        assertThatThrownBy(() -> new Bucket(35, 0)).hasMessageContaining("[35, 0]");
        assertThatThrownBy(() -> Histogram.of(-1)).hasMessageContaining("-1");
        var backwards = List.of(new Bucket(2, 1), new Bucket(1, 1));
        assertThatThrownBy(() -> new Histogram(2, BigInteger.TWO, backwards))
                .hasMessage("buckets must be ascending");
        assertThatThrownBy(() -> new Histogram(2, BigInteger.TWO, List.of()))
                .hasMessage("count must be that of the buckets, 0, was 2");
    }

    /* Of each magnitude about as many. */
    private static long anyNumber(Random random) {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }
}
