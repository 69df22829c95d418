package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.schemas.Histogram.Bucket;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class RollupTest {
    private static final long AT = 1_795_185_601_100L;
    private static final long MINUTE = 1_795_185_600_000L;

    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    private final UsageRow row = Rows.of("openai", "gpt-5", Rows.usage(10L, 101L, 4L, null, null));

    @Test
    void countsARowInTheMinuteInWhichTheLogTookItsEnd() {
        assertThat(RollupKey.of(row, AT))
                .isEqualTo(new RollupKey(MINUTE, "acme", "openai", "gpt-5"));
        assertThat(RollupKey.minuteOf(MINUTE - 1)).isEqualTo(MINUTE - 60_000);
        assertThat(RollupKey.minuteOf(MINUTE + 59_999)).isEqualTo(MINUTE);
    }

    @Test
    void countsARowOnceInEachOfItsParts() {
        assertThat(rollup(row))
                .returns(1L, Rollup::requests)
                .returns(Map.of("completed", 1L), Rollup::statuses)
                .returns(Map.of("stop", 1L), Rollup::finishReasons)
                .returns(Map.of(), Rollup::failures)
                .returns(Map.of("provider", 1L), Rollup::provenance)
                .returns(
                        Map.of(
                                "input", BigDecimal.valueOf(10),
                                "output", BigDecimal.valueOf(101),
                                "cachedInput", BigDecimal.valueOf(4)),
                        Rollup::usage)
                .returns(Map.of(), Rollup::costs)
                .returns(1L, Rollup::withoutCost)
                .returns(Histogram.of(400), Rollup::timeToFirstTokenMs)
                .returns(Histogram.of(20_000), Rollup::timePerOutputTokenUs);
    }

    @Test
    void addsCostsOfDifferentCurrenciesApart() {
        var sum =
                rollup(row.withCost(cost("USD", "0.1")))
                        .plus(rollup(row.withCost(cost("EUR", "5"))))
                        .plus(rollup(row.withCost(cost("USD", "0.2"))))
                        .plus(rollup(row));

        assertThat(sum.costs())
                .isEqualTo(Map.of("USD", Amount.parse("0.3"), "EUR", Amount.parse("5")));
        assertThat(sum.withoutCost()).isEqualTo(1);
        assertThat(sum.requests()).isEqualTo(4);
    }

    @Test
    void countsFailuresByCodeAndOtherEndsByReason() {
        var failed = Response.Status.FAILED;
        var cancelled = Response.Status.CANCELLED;

        var sum =
                rollup(Rows.ended(row, failed, null, "rate_limited"))
                        .plus(rollup(Rows.ended(row, failed, null, null)))
                        .plus(rollup(Rows.ended(row, failed, null, "made up")))
                        .plus(rollup(Rows.ended(row, cancelled, "disconnected", null)))
                        .plus(rollup(Rows.ended(row, cancelled, "cancelled", null)))
                        .plus(rollup(Rows.ended(row, cancelled, "bored", null)));

        assertThat(sum.failures()).isEqualTo(Map.of("rate_limited", 1L, "other", 2L));
        assertThat(sum.finishReasons())
                .isEqualTo(Map.of("disconnected", 1L, "cancelled", 1L, "other", 1L));
        assertThat(sum.statuses()).isEqualTo(Map.of("failed", 3L, "cancelled", 3L));
    }

    @Test
    void sumsFiguresBeyondWhatALongHolds() {
        var most = rollup(Rows.of("openai", "gpt-5", Rows.tokens(Long.MAX_VALUE, null)));

        assertThat(most.plus(most).usage())
                .isEqualTo(Map.of("input", new BigDecimal("18446744073709551614")));
    }

    @Test
    void recordsNoTimePerTokenThatIsNotKnown() {
        var usage = Rows.tokens(1L, 101L);
        assertThat(perToken(timings(100L, 2_100L), usage)).isEqualTo(Histogram.of(20_000));
        assertThat(perToken(timings(null, 2_100L), usage)).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(100L, null), usage)).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(2_100L, 100L), usage)).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(0L, Long.MAX_VALUE), usage)).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(Long.MIN_VALUE, 5L), usage)).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(100L, 2_100L), Rows.tokens(1L, 1L))).isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(100L, 2_100L), Rows.tokens(1L, null)))
                .isEqualTo(Histogram.EMPTY);
        assertThat(perToken(timings(100L, 2_100L), null)).isEqualTo(Histogram.EMPTY);
        var partial = Rows.with(Rows.timed(timings(100L, 2_100L), usage), Provenance.PARTIAL);
        assertThat(rollup(partial).timePerOutputTokenUs()).isEqualTo(Histogram.EMPTY);
    }

    @Test
    void recordsTimesPerTokenBelowAMillisecond() {
        assertThat(perToken(timings(100L, 101L), Rows.tokens(1L, 1_001L)).buckets())
                .containsExactly(new Bucket(1, 1));
    }

    private static Histogram perToken(Response.Timings timings, @Nullable Usage usage) {
        return rollup(Rows.timed(timings, usage)).timePerOutputTokenUs();
    }

    private static Response.Timings timings(@Nullable Long first, @Nullable Long end) {
        return new Response.Timings(0, first, end, null, null, null);
    }

    @Test
    void isTheSameInWhateverOrderRowsCome() {
        Seeds.randomly(
                100,
                random -> {
                    var parts = new ArrayList<Rollup>();
                    for (int i = 0; i < 25; i++) {
                        var usage =
                                Rows.tokens((long) random.nextInt(100), (long) random.nextInt(100));
                        var any = Rows.of("openai", "gpt-5", usage);
                        boolean costs = random.nextBoolean();
                        parts.add(
                                rollup(
                                        costs
                                                ? any.withCost(
                                                        cost("USD", "0." + random.nextInt(99_999)))
                                                : any));
                    }
                    var inOrder = parts.stream().reduce(Rollup::plus).orElseThrow();
                    Collections.shuffle(parts, random);
                    var shuffled = parts.stream().reduce((one, two) -> two.plus(one)).orElseThrow();

                    assertThat(RollupCodec.encode(shuffled)).isEqualTo(RollupCodec.encode(inOrder));
                });
    }

    @Test
    void isReadAsItWasWritten() {
        var rollup = rollup(row.withCost(cost("USD", "0.1")));

        assertThat(RollupCodec.decode(RollupCodec.encode(rollup))).isEqualTo(rollup);
    }

    @Test
    void isWhatTheDocumentationShows() throws Exception {
        var document = Files.readString(ROOT.resolve("docs/usage.md"));
        var shown = document.substring(document.indexOf("{\"schemaVersion\":1,\"minute\""));
        var json = shown.substring(0, shown.indexOf("\n```")).replaceAll("\n\\s*", "");

        var rollup = RollupCodec.decode(json.getBytes(UTF_8));

        assertThat(new String(RollupCodec.encode(rollup), UTF_8)).isEqualTo(json);
        assertThat(rollup.requests()).isEqualTo(3);
    }

    @Test
    void hasAKeyThatIsUnambiguousAndSortsByTime() {
        var key = new RollupKey(MINUTE, null, "a\",\"b", "c");

        assertThat(new String(key.encode(), UTF_8))
                .isEqualTo("[\"2026-11-20T14:40:00Z\",null,\"a\\\",\\\"b\",\"c\"]");
        var before = new RollupKey(MINUTE - 60_000, "z", "z", "z").encode();
        assertThat(Arrays.compareUnsigned(RollupKey.firstOf(MINUTE), key.encode())).isNegative();
        assertThat(Arrays.compareUnsigned(RollupKey.firstOf(MINUTE), before)).isPositive();
    }

    @Test
    void doesNotTellLongNamesApart() {
        var fits = "m".repeat(RollupKey.CHARS_MAX);

        assertThat(new RollupKey(MINUTE, "t", "p", fits).model()).isEqualTo(fits);
        assertThat(new RollupKey(MINUTE, fits + "t", fits + "p", fits + "m"))
                .isEqualTo(new RollupKey(MINUTE, "t", "p", "m").ofAnything());
    }

    @Test
    void takesNamesThatAreNoUnicode() {
        var key = new RollupKey(MINUTE, null, "p", "\ud83d");

        assertThat(key.encode()).isNotEmpty();
    }

    @Test
    void refusesWhatBeginsNoMinute() {
        assertThatThrownBy(() -> new RollupKey(MINUTE + 1, null, "p", "m"))
                .hasMessageContaining("minute");
    }

    private static Rollup rollup(UsageRow of) {
        return Rollup.of(RollupKey.of(of, AT), of);
    }

    private static Cost cost(String currency, String amount) {
        return new Cost(
                Amount.parse(amount),
                currency,
                AT,
                List.of(),
                new Cost.Applied("list", "*", null, 0));
    }
}
