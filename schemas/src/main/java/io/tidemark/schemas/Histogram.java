package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How often which whole numbers came, in buckets whose bounds never change (section 8.6 of the
 * protocol), so that histograms are merged by adding them, in any order, and merged ones are as
 * exact as the first. A number lies less than 6.25 % below the bound of its bucket; below 32 it is
 * the bound. Immutable.
 *
 * @param count how many numbers
 * @param sum of the numbers themselves
 * @param buckets those that hold any, ascending; at most {@value #BUCKETS_MAX}
 */
public record Histogram(long count, BigInteger sum, List<Bucket> buckets) {
    /** Of no numbers. */
    public static final Histogram EMPTY = new Histogram(0, BigInteger.ZERO, List.of());

    /** Buckets that a power of two is divided in, as a power of two. */
    private static final int DIVISION = 4;

    /** Most buckets that there can be. */
    public static final int BUCKETS_MAX = (Long.SIZE - 1 - DIVISION + 1) << DIVISION;

    /**
     * A bucket; in JSON {@code [upperBound, count]}.
     *
     * @param upperBound largest number that it takes
     * @param count how many it holds, at least 1
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    @JsonPropertyOrder({"upperBound", "count"})
    public record Bucket(long upperBound, long count) {
        public Bucket {
            if (upperBound < 0 || upperBound != boundOf(upperBound) || count < 1) {
                throw new IllegalArgumentException(
                        "a bucket must have a bound of the contract and a count, was [%d, %d]"
                                .formatted(upperBound, count));
            }
        }
    }

    public Histogram {
        buckets = List.copyOf(buckets);
        long held = 0;
        long before = -1;
        for (var bucket : buckets) {
            if (bucket.upperBound() <= before) {
                throw new FieldException("buckets", "must be ascending");
            }
            before = bucket.upperBound();
            held += bucket.count();
        }
        if (held != count || sum.signum() < 0) {
            throw new FieldException(
                    "count", "must be that of the buckets, %d, was %d".formatted(held, count));
        }
    }

    /**
     * Of one number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Histogram of(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("must not be negative, was " + number);
        }
        return new Histogram(
                1, BigInteger.valueOf(number), List.of(new Bucket(boundOf(number), 1)));
    }

    /** The largest number of the bucket that a number is in. */
    static long boundOf(long number) {
        int magnitude = Long.SIZE - 1 - Long.numberOfLeadingZeros(number);
        int widthBits = Math.max(0, magnitude - DIVISION);
        return number | ((1L << widthBits) - 1);
    }

    /** Of the numbers of both. */
    public Histogram plus(Histogram other) {
        var merged = new TreeMap<Long, Long>();
        buckets.forEach(it -> merged.merge(it.upperBound(), it.count(), Long::sum));
        other.buckets.forEach(it -> merged.merge(it.upperBound(), it.count(), Long::sum));
        var all = new ArrayList<Bucket>(merged.size());
        merged.forEach((bound, held) -> all.add(new Bucket(bound, held)));
        return new Histogram(count + other.count, sum.add(other.sum), all);
    }

    /**
     * The number that a share of the numbers do not exceed: that of the smallest rank that is at
     * least {@code share} of {@code count}, told as the bound of its bucket. So it is never too
     * small, and too large by less than 6.25 % of the number.
     *
     * @param share 0 to 1, such as 0.99
     * @return empty if there are no numbers
     */
    public OptionalLong quantile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0 to 1, was " + share);
        }
        long rank =
                BigDecimal.valueOf(share)
                        .multiply(BigDecimal.valueOf(count))
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact();
        long passed = 0;
        for (var bucket : buckets) {
            passed += bucket.count();
            if (passed >= rank) {
                return OptionalLong.of(bucket.upperBound());
            }
        }
        return OptionalLong.empty();
    }
}
