package io.tidemark.projector;

/**
 * Is told how a rebuild goes on, in this order, on the thread that it runs on; must not take long.
 */
public interface RebuildListener {
    /** Does not want to know. */
    RebuildListener NONE =
            new RebuildListener() {
                @Override
                public void started(int generation, boolean resumed) {}

                @Override
                public void behind(long events) {}

                @Override
                public void comparing() {}

                @Override
                public void switched(int generation) {}

                @Override
                public void retiring() {}
            };

    /**
     * A generation is being made.
     *
     * @param resumed whether an interrupted rebuild had begun it
     */
    void started(int generation, boolean resumed);

    /** So many events have still to be read; told several times a second. */
    void behind(long events);

    /** Everything is read and is compared now with what counts. */
    void comparing();

    /** The new results count. */
    void switched(int generation);

    /** Whoever works on the old ones is waited for, to delete them. */
    void retiring();
}
