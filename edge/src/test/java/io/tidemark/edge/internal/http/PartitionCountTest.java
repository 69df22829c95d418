package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

class PartitionCountTest {
    private final AtomicInteger there = new AtomicInteger(12);

    @Test
    void whatIsAddedLaterIsKnownAndNotServed() throws Exception {
        var count = new PartitionCount(there::get, 12);
        count.look();
        assertThat(count.added(12)).isFalse();

        there.set(24);
        count.look();

        assertThat(count.own()).isEqualTo(12);
        assertThat(count.added(11)).as("its own").isFalse();
        assertThat(count.added(12)).isTrue();
        assertThat(count.added(23)).isTrue();
        assertThat(count.added(24)).as("nobody's").isFalse();
    }

    @Test
    void whatCannotBeToldChangesNothing() throws Exception {
        var count =
                new PartitionCount(
                        () -> {
                            throw new TimeoutException("for the test");
                        },
                        12);

        count.look();

        assertThat(count.added(12)).isFalse();
    }
}
