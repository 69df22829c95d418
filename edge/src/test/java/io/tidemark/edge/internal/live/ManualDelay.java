package io.tidemark.edge.internal.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what is due when time is let pass. */
final class ManualDelay implements Delay {
    private record Task(Duration at, Runnable task) {}

    private final List<Task> tasks = new ArrayList<>();
    Duration now = Duration.ZERO;

    @Override
    public Runnable after(Duration time, Runnable task) {
        var entry = new Task(now.plus(time), task);
        tasks.add(entry);
        return () -> tasks.remove(entry);
    }

    void pass(Duration time) {
        now = now.plus(time);
        for (var entry : List.copyOf(tasks)) {
            if (entry.at().compareTo(now) <= 0 && tasks.remove(entry)) {
                entry.task().run();
            }
        }
    }

    boolean idle() {
        return tasks.isEmpty();
    }
}
