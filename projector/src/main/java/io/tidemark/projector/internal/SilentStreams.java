package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.StreamId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;

/**
 * Reports open streams of which the log has shown nothing for some time, so that one whose writer
 * is gone does not go unnoticed until the log forgets it. It ends none: the terminal event is
 * ingest's to write, and a stream may be silent for good reasons. That it was reported stands in
 * its progress, so it is reported once for each silence, whoever has the partition.
 *
 * <p>Confined to the stream thread of its partition.
 */
final class SilentStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(SilentStreams.class);

    /** Most streams of one run that have a line in the log each; the others are a number in one. */
    static final int LINES_MAX = 10;

    private final OpenStreams open;
    private final Sweep sweep;
    private final Duration after;
    private final int partition;
    private final ProjectorMetrics metrics;
    private final LogClock clock = new LogClock();
    private int found;

    /**
     * Those of a partition.
     *
     * @param sweep walks over the progress of open streams
     * @param after how long a silence is to be reported
     */
    SilentStreams(
            OpenStreams open,
            Sweep sweep,
            Duration after,
            int partition,
            ProjectorMetrics metrics) {
        this.open = open;
        this.sweep = sweep;
        this.after = after;
        this.partition = partition;
        this.metrics = metrics;
    }

    /**
     * Looks at the next streams, as many as one sweep visits.
     *
     * @param streamTime time of the newest record read, in epoch milliseconds; negative for none
     * @param wall the wall clock's
     */
    void run(long streamTime, long wall) {
        long before = clock.now(streamTime, wall) - after.toMillis();
        if (before <= 0) {
            return;
        }
        found = 0;
        sweep.run(Instant.ofEpochMilli(before), key -> look(StreamId.ofKey(key), before));
        if (found > LINES_MAX) {
            LOGGER.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("count", found - LINES_MAX)
                    .log("further open streams are silent");
        }
    }

    private void look(StreamId id, long before) {
        var progress = open.find(id);
        if (progress == null
                || progress.ended()
                || progress.silent()
                || progress.lastAppendedAt() >= before) {
            return;
        }
        open.save(id, progress.reported());
        metrics.fellSilent(partition);
        found++;
        if (found <= LINES_MAX) {
            log(id, progress);
        }
    }

    private void log(StreamId id, Progress progress) {
        LOGGER.atWarn()
                .addKeyValue("streamId", id)
                .addKeyValue("partition", partition)
                .addKeyValue("offset", progress.lastOffset())
                .log("open stream is silent");
    }
}
