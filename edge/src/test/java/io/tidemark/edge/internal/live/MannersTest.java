package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.Stream;

class MannersTest {
    private final Manners manners =
            new Manners(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofHours(10),
                    new Random(1));

    private LongSummaryStatistics told(Stream<Frame> frames) {
        return frames.map(frame -> StandardCharsets.UTF_8.decode(frame.bytes()).toString())
                .mapToLong(text -> Long.parseLong(text.replaceAll("retry: (\\d+)\n\n", "$1")))
                .summaryStatistics();
    }

    @Test
    void howManyLeaveAtOnceSaysOverWhatTimeTheyComeBack() {
        var few = told(Stream.generate(() -> manners.farewell(1)).limit(100));
        var some = told(Stream.generate(() -> manners.farewell(500)).limit(1_000));
        var many = told(Stream.generate(() -> manners.farewell(50_000)).limit(1_000));

        assertThat(few.getMin()).isEqualTo(1_000);
        assertThat(few.getMax()).isLessThanOrEqualTo(1_001);
        assertThat(some.getMin()).isBetween(1_000L, 1_050L);
        assertThat(some.getMax()).isBetween(1_450L, 1_500L);
        assertThat(many.getMin()).isBetween(1_000L, 1_100L);
        assertThat(many.getMax()).isBetween(2_900L, 3_000L);
    }

    @Test
    void whoIsSentAwayForAFailureMayBeOneOfMany() {
        var told = told(Stream.generate(manners::farewell).limit(1_000));

        assertThat(told.getMin()).isBetween(1_000L, 1_100L);
        assertThat(told.getMax()).isBetween(2_900L, 3_000L);
    }

    @Test
    void whoHasBeenHereForLongLeavesUpToATenthEarlier() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(manners.lifetimeMs())
                    .isBetween(Duration.ofHours(9).toMillis(), Duration.ofHours(10).toMillis());
        }
    }
}
