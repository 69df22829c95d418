package io.tidemark.edge.internal.http;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.Found;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.MasterKeys;
import io.tidemark.seal.Unreadable;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The keys of encrypted streams (section 17 of {@code docs/protocol.md}): a stream's key is in the
 * log before its start is, and its deletion before whoever asked for it is answered. Without master
 * keys streams are started as they are, and there are no keys to delete. Thread-safe; blocks, so it
 * is called on virtual threads only.
 */
public final class StreamKeys implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamKeys.class);

    private final CommandWriter writer;
    private final @Nullable Ring ring;
    private final @Nullable LateDeletions late;

    /**
     * What there is where master keys are configured.
     *
     * @param topic where keys are
     * @param random unpredictable, for keys and nonces
     */
    public record Ring(
            KeyRing keys,
            MasterKeys masters,
            String topic,
            InstantSource clock,
            RandomGenerator random) {}

    /**
     * Keys.
     *
     * @param ring absent where no master keys are configured
     */
    public StreamKeys(CommandWriter writer, @Nullable Ring ring) {
        this.writer = writer;
        this.ring = ring;
        this.late = ring == null ? null : LateDeletions.start(this::deleteAgain);
    }

    /**
     * Writes a start, sealed where new streams are, under a key that is in the log.
     *
     * @param fresh whether nobody else can have started the stream, or made a key for it
     */
    CommandWriter.Outcome start(Command.Start start, boolean fresh) {
        var with = ring;
        if (with == null || !with.masters().sealing()) {
            return writer.write(start);
        }
        var key = fresh ? made(with, start.requestId()) : foundOrMade(with, start.requestId());
        /* Without a key that is in the log for certain the start was not even tried. */
        return key == null
                ? CommandWriter.Outcome.NOT_SENT
                : writer.write(key.seal(start, with.random()));
    }

    /* What was sealed under a key that another one replaces could not be read any more. */
    private @Nullable DataKey foundOrMade(Ring with, StreamId id) {
        try {
            return switch (with.keys().find(id)) {
                case Found.Key(var key) -> key;
                case Found.Missing(var why) when why == Unreadable.NO_KEY -> made(with, id);
                case Found.Missing(var why) -> refused(id, why.wire());
            };
        } catch (KafkaException e) {
            return refused(id, e.toString());
        }
    }

    private @Nullable DataKey made(Ring with, StreamId id) {
        var key = DataKey.of(id, with.random());
        var wrapped = with.masters().wrap(key, with.clock().millis(), with.random());
        var outcome = writer.write(wrapped.record(with.topic()));
        if (outcome != CommandWriter.Outcome.ACKNOWLEDGED) {
            return refused(id, outcome.name());
        }
        with.keys().put(wrapped);
        return key;
    }

    private static @Nullable DataKey refused(StreamId id, String why) {
        LOGGER.atWarn()
                .addKeyValue("streamId", id)
                .addKeyValue("reason", why)
                .log("stream not started, as it has no key");
        return null;
    }

    /** Whether a stream may have a key that is to be deleted. */
    boolean mayHave(StreamId id) {
        return ring != null && !ring.keys().isDeleted(id);
    }

    /** Deletes the key of a stream, if it may have one. */
    CommandWriter.Outcome delete(StreamId id) {
        var with = ring;
        if (with == null || !mayHave(id)) {
            return CommandWriter.Outcome.ACKNOWLEDGED;
        }
        var outcome = writer.write(WrappedKey.deletion(with.topic(), id));
        if (outcome == CommandWriter.Outcome.ACKNOWLEDGED) {
            with.keys().delete(id);
            if (late != null) {
                late.add(id);
            }
        }
        return outcome;
    }

    /* Whether it is taken makes no difference to what can be read. */
    private void deleteAgain(StreamId id) {
        if (ring != null) {
            writer.write(WrappedKey.deletion(ring.topic(), id));
        }
    }

    @Override
    public void close() {
        if (late != null) {
            late.close();
        }
    }
}
