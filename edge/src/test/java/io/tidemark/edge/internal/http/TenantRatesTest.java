package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class TenantRatesTest {
    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final TenantRates rates = rates(2, 3);

    private TenantRates rates(int perSecond, int burst) {
        return new TenantRates(perSecond, burst, 2, () -> Instant.ofEpochMilli(nowMs.get()));
    }

    private static void spend(TenantRates rates, String tenant, int starts) {
        for (int i = 0; i < starts; i++) {
            assertThat(rates.take(tenant)).isZero();
        }
    }

    @Test
    void aTenantBeginsWithItsBurstAndGoesOnWithItsRate() {
        spend(rates, "acme", 3);
        assertThat(rates.take("acme")).isEqualTo(Duration.ofMillis(500));

        nowMs.addAndGet(499);
        assertThat(rates.take("acme")).isEqualTo(Duration.ofMillis(1));
        nowMs.addAndGet(1);
        spend(rates, "acme", 1);
        assertThat(rates.take("acme")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aBurstComesBackAndGrowsNoFurther() {
        spend(rates, "acme", 3);
        nowMs.addAndGet(60_000);

        spend(rates, "acme", 3);
        assertThat(rates.take("acme")).isPositive();
    }

    @Test
    void nobodyPaysForAnother() {
        spend(rates, "acme", 3);

        assertThat(rates.take(null)).isZero();
        assertThat(rates.take("acme")).isPositive();
    }

    @Test
    void tenantsForWhomThereIsNoRoomShareABucketUntilOthersAreFull() {
        spend(rates, "a", 1);
        spend(rates, "b", 1);

        spend(rates, "c", 2);
        spend(rates, "d", 1);
        assertThat(rates.take("c")).isPositive();
        assertThat(rates.take("e")).isPositive();
        assertThat(rates.size()).isEqualTo(3);

        nowMs.addAndGet(10_000);
        spend(rates, "e", 3);
        assertThat(rates.size()).isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackLocksNobodyOut() {
        spend(rates, "acme", 3);
        nowMs.addAndGet(-500_000);

        assertThat(rates.take("acme")).isZero();
    }

    @Test
    void withoutALimitThereIsNone() {
        spend(rates(0, 1), "acme", 1_000);
    }
}
