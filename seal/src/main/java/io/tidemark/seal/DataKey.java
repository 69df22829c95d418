package io.tidemark.seal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.SealedField;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

import javax.crypto.SecretKey;

/**
 * The key of one stream, and what is done with it. Immutable, thread-safe.
 *
 * <p>Nonces are random. A stream would have to have 2^32 records before two of them share a nonce
 * with a probability of 2^-33, and it has some millions at most.
 */
public final class DataKey {
    private final StreamId id;
    private final SecretKey key;

    DataKey(StreamId id, SecretKey key) {
        this.id = id;
        this.key = requireNonNull(key, "key");
    }

    /**
     * A new key for a stream.
     *
     * @param random unpredictable, such as {@link java.security.SecureRandom}
     */
    public static DataKey of(StreamId id, RandomGenerator random) {
        var bytes = new byte[AesGcm.KEY_BYTES];
        random.nextBytes(bytes);
        return new DataKey(id, AesGcm.key(bytes));
    }

    /** The stream that it is of. */
    public StreamId id() {
        return id;
    }

    SecretKey secret() {
        return key;
    }

    /** The ciphertext of an event that stands there in its stream. */
    byte[] seal(byte[] event, long sequence, Attempt attempt, String type, RandomGenerator random) {
        return AesGcm.seal(key, event, Place.ofEvent(id, sequence, attempt, type), random);
    }

    /** The bytes of the event that was sealed; absent if this is not what it was sealed as. */
    byte @Nullable [] open(EventRecord.Entry entry) {
        byte[] ciphertext = SealedField.ciphertext(entry.value());
        var headers = entry.headers();
        var place =
                Place.ofEvent(entry.id(), headers.sequence(), headers.attempt(), headers.type());
        return ciphertext == null ? null : AesGcm.open(key, ciphertext, place);
    }

    /**
     * A start with what is asked and the caller's labels sealed.
     *
     * @param start one of this stream, not sealed yet
     * @param random unpredictable
     */
    public Command.Start seal(Command.Start start, RandomGenerator random) {
        var place = Place.ofStart(id, start.at());
        return start.sealedAs(AesGcm.seal(key, CommandCodec.encode(start), place, random));
    }

    /** The start that was sealed; absent if this is not what it was sealed as. */
    public Command.@Nullable Start open(Command.Start start) {
        var sealed = requireNonNull(start.sealed(), "sealed");
        byte[] ciphertext = SealedField.decoded(sealed.getBytes(StandardCharsets.UTF_8));
        var place = Place.ofStart(start.requestId(), start.at());
        byte[] json = ciphertext == null ? null : AesGcm.open(key, ciphertext, place);
        return json == null ? null : decoded(json);
    }

    private static Command.@Nullable Start decoded(byte[] json) {
        try {
            return CommandCodec.decode(json) instanceof Command.Start start ? start : null;
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    /** Whose it is, and nothing of it. */
    @Override
    public String toString() {
        return "DataKey[id=" + id + "]";
    }
}
