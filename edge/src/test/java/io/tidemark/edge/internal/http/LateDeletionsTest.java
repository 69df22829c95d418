package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class LateDeletionsTest {
    private static final Random RANDOM = new Random(3);

    private record Task(long atNanos, Runnable run) {}

    private final List<Task> tasks = new ArrayList<>();
    private final List<StreamId> deleted = new ArrayList<>();
    private long now;
    private final LateDeletions late =
            new LateDeletions(
                    (delay, task) -> tasks.add(new Task(now + delay.toNanos(), task)),
                    () -> now,
                    deleted::add,
                    () -> {});

    private static StreamId mint(int partition) {
        return StreamId.mint(InstantSource.system(), RANDOM, partition);
    }

    private void pass(Duration time) {
        now += time.toNanos();
        var due = tasks.stream().filter(task -> task.atNanos() <= now).toList();
        tasks.removeAll(due);
        due.forEach(task -> task.run().run());
    }

    @Test
    void deletesAgainWhenTheSegmentCanEnd() {
        var id = mint(0);
        late.add(id);

        pass(LateDeletions.AFTER.minusSeconds(1));
        assertThat(deleted).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(deleted).containsExactly(id);
        assertThat(late.size()).isZero();
        assertThat(tasks).isEmpty();
    }

    @Test
    void theLatestOfAPartitionSpeaksForAllBeforeIt() {
        var ids = List.of(mint(0), mint(0), mint(0));
        for (var id : ids) {
            late.add(id);
            pass(Duration.ofMinutes(1));
        }
        assertThat(tasks).hasSize(1);

        pass(LateDeletions.AFTER);

        assertThat(deleted).containsExactly(ids.getLast());
    }

    @Test
    void aLaterOneIsWaitedForInItsTurn() {
        late.add(mint(0));
        pass(LateDeletions.AFTER.minusMinutes(1));
        var last = mint(0);
        late.add(last);

        pass(Duration.ofMinutes(1));
        assertThat(deleted).isEmpty();

        pass(LateDeletions.AFTER.minusMinutes(1));
        assertThat(deleted).containsExactly(last);
    }

    @Test
    void partitionsDoNotWaitForEachOther() {
        late.add(mint(0));
        late.add(mint(1));

        pass(LateDeletions.AFTER);

        assertThat(deleted).hasSize(2);
    }
}
