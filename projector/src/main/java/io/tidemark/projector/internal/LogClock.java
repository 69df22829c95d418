package io.tidemark.projector.internal;

/**
 * What time it is in a partition's log: that of the newest record read, and from there on the wall
 * clock's as long as nothing newer comes. While an old log is read again it shows the log's time,
 * and in a log to which nobody writes time still goes on. Confined to one thread.
 */
final class LogClock {
    private long newest = -1;
    private long newestSince;

    /**
     * The time, in epoch milliseconds; negative as long as nothing was read.
     *
     * @param streamTime time of the newest record read; negative for none
     * @param wall the wall clock's
     */
    long now(long streamTime, long wall) {
        if (streamTime != newest) {
            newest = streamTime;
            newestSince = wall;
        }
        return newest < 0 ? newest : newest + Math.max(0, wall - newestSince);
    }
}
