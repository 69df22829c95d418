package io.tidemark.seal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.SealedField;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;

/**
 * Opens what is sealed and leaves what is not as it is, so that a topic may hold both. What cannot
 * be opened is counted, and said once a minute at most; it is never a failure.
 *
 * <p>Thread-safe. Opening something sealed may block until its key was looked up; what is plain
 * costs a look at its last field.
 */
public final class Opener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Opener.class);

    private final Keys keys;
    private final SealCounts counts;
    private final Seldom seldom = new Seldom();

    /**
     * An opener.
     *
     * @param counts told of what cannot be opened
     */
    public Opener(Keys keys, SealCounts counts) {
        this.keys = requireNonNull(keys, "keys");
        this.counts = requireNonNull(counts, "counts");
    }

    /** One without keys: of what is sealed it gives what stands for it. */
    public static Opener withoutKeys() {
        return new Opener(Keys.NONE, new SealCounts());
    }

    /** What this one could not open. */
    public SealCounts counts() {
        return counts;
    }

    /** Whether an event is sealed. */
    public static boolean isSealed(EventRecord.Entry entry) {
        return SealedField.isIn(entry.value());
    }

    /**
     * The event that was written, or what is left of it where it cannot be opened: the erased event
     * under the type of that.
     *
     * @throws org.apache.kafka.common.KafkaException if it is not known whether there is a key
     */
    public EventRecord.Entry open(EventRecord.Entry entry) {
        return opened(entry).orElseGet(() -> rest(entry));
    }

    /**
     * The event that was written, byte for byte; empty if it cannot be opened.
     *
     * @throws org.apache.kafka.common.KafkaException if it is not known whether there is a key
     */
    public Optional<EventRecord.Entry> opened(EventRecord.Entry entry) {
        if (!isSealed(entry)) {
            return Optional.of(entry);
        }
        return switch (keys.find(entry.id())) {
            case Found.Key(var key) ->
                    told(entry.id(), key.open(entry))
                            .map(json -> new EventRecord.Entry(entry.id(), entry.headers(), json));
            case Found.Missing(var why) -> missing(entry.id(), why);
        };
    }

    /**
     * The start that was sealed, or the same if it was not; empty if it cannot be opened.
     *
     * @throws org.apache.kafka.common.KafkaException if it is not known whether there is a key
     */
    public Optional<Command.Start> opened(Command.Start start) {
        if (start.sealed() == null) {
            return Optional.of(start);
        }
        return switch (keys.find(start.requestId())) {
            case Found.Key(var key) -> told(start.requestId(), key.open(start));
            case Found.Missing(var why) -> missing(start.requestId(), why);
        };
    }

    /** The key of a stream, to seal what follows; empty if there is none. */
    public Optional<DataKey> key(StreamId id) {
        return switch (keys.find(id)) {
            case Found.Key(var key) -> Optional.of(key);
            case Found.Missing(var why) -> missing(id, why);
        };
    }

    private <T> Optional<T> told(StreamId id, @Nullable T opened) {
        return opened == null ? missing(id, Unreadable.TAMPERED) : Optional.of(opened);
    }

    private <T> Optional<T> missing(StreamId id, Unreadable why) {
        counts.unreadable(why);
        if (seldom.now(why)) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", id)
                    .addKeyValue("reason", why.wire())
                    .log("sealed content cannot be opened, treated as erased");
        }
        return Optional.empty();
    }

    /** What stands for a sealed event where it cannot be opened. */
    public static EventRecord.Entry rest(EventRecord.Entry entry) {
        byte[] rest = SealedField.remove(entry.value());
        return new EventRecord.Entry(entry.id(), headers(entry.headers(), rest), rest);
    }

    private static EventHeaders headers(EventHeaders headers, byte[] rest) {
        try {
            return new EventHeaders(
                    EventCodec.decode(rest).type(),
                    headers.sequence(),
                    headers.attempt(),
                    headers.traceparent(),
                    headers.presence(),
                    headers.tenant());
        } catch (MalformedRecordException e) {
            return headers;
        }
    }
}
