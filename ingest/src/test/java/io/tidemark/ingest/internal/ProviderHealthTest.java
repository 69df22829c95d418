package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.Resilience.Breaker;
import io.tidemark.schemas.ErrorCode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class ProviderHealthTest {
    private Instant now = Instant.ofEpochMilli(1_795_185_600_000L);
    private final ProviderHealth health =
            new ProviderHealth("openai", new Breaker(4, 50, Duration.ofSeconds(10)), () -> now);

    @Test
    void suspendsCallsWhenTooManyHaveFailed() {
        fail(ErrorCode.PROVIDER_ERROR);
        assertThat(health.isSuspended()).isFalse();
        fail(ErrorCode.CONNECTION_LOST);

        assertThat(health.isSuspended()).isTrue();
        assertThat(health.admits()).isFalse();
        assertThat(health.suspended()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsRefusedForTheRequestsSakeSpeaksForTheProvider() {
        for (int i = 0; i < 10; i++) {
            fail(ErrorCode.INVALID_REQUEST);
            fail(ErrorCode.RATE_LIMITED);
        }

        assertThat(health.isSuspended()).isFalse();
    }

    @Test
    void letsAFewThroughAfterAWhileAndAllWhenTheyDoWell() {
        fail(ErrorCode.PROVIDER_ERROR);
        fail(ErrorCode.PROVIDER_ERROR);
        now = now.plusSeconds(11);

        assertThat(health.admits()).isTrue();
        var one = health.new Call();
        assertThat(health.admits()).isTrue();
        var other = health.new Call();
        assertThat(health.admits()).isFalse();
        one.answered();
        other.answered();

        assertThat(health.admits()).isTrue();
    }

    @Test
    void aCallThatSaysNothingGivesItsPlaceBack() {
        fail(ErrorCode.PROVIDER_ERROR);
        fail(ErrorCode.PROVIDER_ERROR);
        now = now.plusSeconds(11);
        for (int i = 0; i < 5; i++) {
            assertThat(health.admits()).isTrue();
            health.new Call().unjudged();
        }

        assertThat(health.isSuspended()).isFalse();
    }

    @Test
    void aCallIsJudgedOnce() {
        for (int i = 0; i < 4; i++) {
            assertThat(health.admits()).isTrue();
            var call = health.new Call();
            call.answered();
            call.failed(ErrorCode.CONNECTION_LOST);
        }

        assertThat(health.isSuspended()).isFalse();
    }

    private void fail(ErrorCode code) {
        assertThat(health.admits()).isTrue();
        health.new Call().failed(code);
    }
}
