package io.tidemark.edge.internal.live;

import java.util.concurrent.Executor;

/**
 * A thread that runs readers, one task after the other, with what its readers can share because
 * they never run at once. Over HTTP there is one for each I/O thread.
 */
public final class Loop implements Executor {
    /** Most frames written at once: a gathering write takes no more at a time either. */
    public static final int FRAMES_PER_WRITE = 64;

    private final Executor thread;
    private final Frame[] scratch = new Frame[FRAMES_PER_WRITE];

    /**
     * A loop.
     *
     * @param thread runs tasks one at a time, in order
     */
    public Loop(Executor thread) {
        this.thread = thread;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** Room for the frames of one write; only for tasks of this loop, and only until they end. */
    Frame[] scratch() {
        return scratch;
    }
}
