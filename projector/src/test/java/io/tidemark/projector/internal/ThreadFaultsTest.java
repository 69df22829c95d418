package io.tidemark.projector.internal;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;

import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

final class ThreadFaultsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final ThreadFaults faults =
            new ThreadFaults(new ProjectorMetrics(new SimpleMeterRegistry(), now::get), now::get);

    @Test
    void replaceAThreadAFewTimesAndThenStop() {
        for (int fault = 0; fault < ThreadFaults.REPLACED_MAX; fault++) {
            assertThat(fault()).isEqualTo(REPLACE_THREAD);
        }

        assertThat(fault()).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void forgetWhatIsLongAgo() {
        for (int fault = 0; fault < 3 * ThreadFaults.REPLACED_MAX; fault++) {
            assertThat(fault()).isEqualTo(REPLACE_THREAD);
            now.updateAndGet(time -> time.plus(ThreadFaults.WINDOW.dividedBy(4)));
        }
        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));

        assertThat(fault()).isEqualTo(REPLACE_THREAD);
    }

    @Test
    void stopAtOnceWhereKafkaDoesNotAllowItAndSayWhat() {
        var denied =
                new StreamsException(
                        "cannot poll", new GroupAuthorizationException("tidemark-projector"));

        assertThat(faults.handle(denied)).isEqualTo(SHUTDOWN_CLIENT);

        assertThat(faults.notAllowed())
                .hasValueSatisfying(it ->
                        assertThat(it)
                                .contains("GroupAuthorizationException")
                                .contains("tidemark-projector"));
    }

    private StreamThreadExceptionResponse fault() {
        return faults.handle(new IllegalStateException("for the test"));
    }
}
