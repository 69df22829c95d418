package io.tidemark.edge.internal.live;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** The thread of a loop, which an actor of a test is. Any thread may add tasks. */
final class Tasks implements Executor {
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
    }

    /** Runs what is there now or comes meanwhile, until there is nothing. */
    void run() {
        for (var task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }

    boolean none() {
        return waiting.isEmpty();
    }
}
