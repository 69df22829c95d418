package io.tidemark.ingest.internal;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Supplier;

/**
 * The log of one stream as its run sees it: what is written stands there in order and once,
 * whatever becomes of producers and brokers meanwhile.
 *
 * <pre>
 *   whole --Kafka did not take a record--&gt; broken --fenced, read back, sent again--&gt; whole
 *                                             |
 *                                             +--not ours any more--&gt; given up
 * </pre>
 *
 * <p>A broken log is mended as a takeover is made, behind a fence of our own, for as long as it
 * takes: until then whoever writes waits, and the provider with it. Confined to the stream's
 * thread.
 */
final class UnbrokenLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnbrokenLog.class);

    /** Times in a row that a mended log may break again before it took another event. */
    static final int MENDS_MAX = 5;

    private final Orphans orphans;
    private final EventWriter writer;
    private final Insistence insistence;
    private final Runnable mended;
    private long mendedAt = -1;
    private int mends;
    private boolean givenUp;

    /** Who reads a stream of ours back. */
    interface Orphans {
        /** Asked again after a failure, it goes on where it was. */
        Supplier<Inherited> inherit(EventWriter broken);
    }

    /**
     * @param mended called after each mend
     */
    UnbrokenLog(Orphans orphans, EventWriter writer, Insistence insistence, Runnable mended) {
        this.orphans = orphans;
        this.writer = writer;
        this.insistence = insistence;
        this.mended = mended;
    }

    /**
     * Writes an event, when the log is whole. Nothing is written if the stream is not ours any
     * more.
     *
     * @throws LogFailedException if Kafka refuses the stream's events for good
     * @throws OutrankedException if another has fenced the stream
     * @throws EventTooLargeException if the event is larger than the log takes; it has no number
     */
    void write(Draft draft) {
        while (!givenUp) {
            try {
                writer.write(draft);
                return;
            } catch (LogFailedException e) {
                mend();
            }
        }
    }

    /**
     * Waits until the terminal, and so every event before it, is in the log.
     *
     * @return false if the stream is not ours any more
     * @throws LogFailedException as {@link #write}
     * @throws OutrankedException as {@link #write}
     */
    boolean awaitEnd() {
        while (!givenUp) {
            try {
                writer.awaitEnd();
                return true;
            } catch (LogFailedException e) {
                mend();
            }
        }
        return false;
    }

    /** Mends the log if it is broken; throws what {@link #write} does. */
    void mend() {
        var failure = writer.failure();
        if (givenUp || failure.isEmpty()) {
            /* Whoever is told to stop would ask for the end again and again. */
            givenUp |= Thread.currentThread().isInterrupted();
            return;
        }
        requireHope(failure.get());
        LOGGER.atWarn()
                .addKeyValue("streamId", writer.id())
                .addKeyValue("error", failure.get().getClass().getName())
                .log("log broken, reading the stream back");
        var inherited = insistence.untilTaken(orphans.inherit(writer));
        givenUp = inherited.isEmpty();
        inherited.ifPresent(log -> {
            writer.goOn(log);
            mended.run();
        });
    }

    private void requireHope(Exception failure) {
        long next = writer.acknowledged().next();
        mends = next == mendedAt ? mends + 1 : 1;
        mendedAt = next;
        if (failure instanceof RecordTooLargeException || mends > MENDS_MAX) {
            throw new LogFailedException("write an event", failure);
        }
    }
}
