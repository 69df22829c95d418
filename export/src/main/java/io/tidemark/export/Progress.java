package io.tidemark.export;

/** Hears how an export gets on; called often, by the thread that runs it. */
@FunctionalInterface
public interface Progress {
    /** Nobody who wants to know. */
    Progress UNHEARD = (_, _, _) -> {};

    /**
     * The export has moved.
     *
     * @param records records written so far
     * @param read offsets passed so far
     * @param total offsets there are to pass
     */
    void moved(long records, long read, long total);
}
