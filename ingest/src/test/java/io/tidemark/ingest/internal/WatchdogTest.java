package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.UpstreamTimeouts;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WatchdogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final UpstreamTimeouts TIMEOUTS =
            new UpstreamTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60));

    private final Watchdog watchdog = new Watchdog(TIMEOUTS, 0);

    @Test
    void knowsNothingButTheTotalBeforeTheCall() {
        assertThat(watchdog.left(SECOND)).isEqualTo(Duration.ofSeconds(59));
        assertThat(watchdog.expired(59 * SECOND, false)).isEmpty();
        assertThat(watchdog.expired(60 * SECOND, false))
                .map(Failed::code)
                .hasValue("deadline_exceeded");
    }

    @Test
    void waitsForTheFirstByteFromTheCallOn() {
        watchdog.called(20 * SECOND);

        assertThat(watchdog.left(21 * SECOND)).isEqualTo(Duration.ofSeconds(9));
        assertThat(watchdog.expired(29 * SECOND, false)).isEmpty();
        assertThat(watchdog.expired(30 * SECOND, false))
                .map(Failed::code)
                .hasValue("provider_timeout");
    }

    @Test
    void measuresTheGapFromTheLatestBytes() {
        watchdog.called(0);
        assertThat(watchdog.bytes(3 * SECOND)).hasValue(Duration.ofSeconds(3));
        assertThat(watchdog.bytes(7 * SECOND)).isEmpty();

        assertThat(watchdog.left(8 * SECOND)).isEqualTo(Duration.ofSeconds(4));
        assertThat(watchdog.expired(12 * SECOND, true))
                .hasValueSatisfying(failed -> {
                    assertThat(failed.code()).isEqualTo("idle_timeout");
                    assertThat(failed.partial()).isTrue();
                });
    }

    @Test
    void doesNotCountOurOwnDelayAsSilence() {
        watchdog.called(0);
        watchdog.bytes(3 * SECOND);

        watchdog.asked(20 * SECOND);

        assertThat(watchdog.left(21 * SECOND)).isEqualTo(Duration.ofSeconds(4));
        assertThat(watchdog.expired(24 * SECOND, true)).isEmpty();
        assertThat(watchdog.expired(25 * SECOND, true)).map(Failed::code).hasValue("idle_timeout");
    }

    @Test
    void letsTheTotalCutAStreamThatKeepsSpeaking() {
        watchdog.called(0);
        watchdog.bytes(59 * SECOND);

        assertThat(watchdog.left(59 * SECOND)).isEqualTo(Duration.ofSeconds(1));
        assertThat(watchdog.expired(60 * SECOND, true))
                .map(Failed::code)
                .hasValue("deadline_exceeded");
    }
}
