package io.tidemark.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Streams at a steady pace, side by side: where one ends the next begins. The pace is the clock's,
 * not the log's: what was held up is made up for. Confined to the thread that measures.
 *
 * @param streams how many at a time
 * @param rate events per second of each
 * @param length events of each
 */
record PacedLoad(int streams, int rate, int length) {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Begins streams for some time, and goes on until all have ended.
     *
     * @param queries told of each stream that has ended
     * @param warmup time at the beginning that is not counted
     */
    void run(ProjectorLoad load, ProjectorQueries queries, Duration warmup, Duration measured)
            throws InterruptedException {
        var open = begin(load);
        long from = System.nanoTime();
        long counted = from + warmup.toNanos();
        long until = counted + measured.toNanos();
        long written = 0;
        while (!open.stream().allMatch(LoadStream::ended)) {
            long now = System.nanoTime();
            long due = (long) ((double) (now - from) / SECOND_NANOS * rate * streams);
            for (; written < due; written++) {
                int index = (int) (written % streams);
                var stream = open.get(index);
                boolean counts = now >= counted && now < until;
                write(load, queries, stream, counts);
                if (stream.ended() && now < until) {
                    open.set(index, load.begin(length));
                }
            }
            TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
        }
        load.flush();
    }

    /* The first ones are of all lengths, so that later ones do not all end at once. */
    private List<LoadStream> begin(ProjectorLoad load) {
        var open = new ArrayList<LoadStream>();
        for (int index = 0; index < streams; index++) {
            long part = (long) length * (index + 1) / streams;
            open.add(load.begin(Math.max(LoadStream.LENGTH_MIN, part)));
        }
        return open;
    }

    private static void write(
            ProjectorLoad load, ProjectorQueries queries, LoadStream stream, boolean counts) {
        if (stream.written() < stream.last()) {
            load.write(stream);
        } else if (!stream.ended()) {
            load.write(
                    stream,
                    (_, failure) -> {
                        if (failure == null) {
                            queries.ended(stream, counts);
                        }
                    });
        }
    }
}
