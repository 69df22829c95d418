package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * How one provider API spells a response: what {@link DialectNormaliser} hands it goes into the
 * outbox that both know. A dialect may throw {@link ProtocolViolation} from any of the methods that
 * read; the stream then ends with {@code protocol_error}. Confined to one thread.
 */
public interface Dialect {
    /**
     * An object that the provider sent.
     *
     * @param event the name of the event it came in; absent where it had none
     * @param chars its length
     */
    void read(ObjectNode json, @Nullable String event, int chars);

    /**
     * A whole answer instead of a stream; ends the response, or does nothing if this is no finished
     * answer of this dialect.
     */
    void whole(ObjectNode answer);

    /** The provider said that the stream is over, without saying how the response ended. */
    void done();

    /** The provider reported an error outside of any event. */
    void error(ProviderError error);

    /**
     * There are no more bytes. Ends the response if that is how this dialect ends, or if it knows
     * why it ends; otherwise does nothing, and the connection counts as lost: a stream that has an
     * end says so.
     */
    default void endOfBytes() {}

    /**
     * Present while the end is known and more about it may follow; see {@code Normaliser}. Never,
     * where the end is the last that is said.
     */
    default Optional<Duration> holding() {
        return Optional.empty();
    }

    /** The wait is over: ends the response. Called only while {@link #holding}. */
    default void holdExpired() {
        throw new IllegalStateException("nothing is held");
    }

    /** Another connection goes on where the last one was lost; see {@code Normaliser}. */
    default void resumed() {
        throw new IllegalStateException("responses of this dialect cannot be resumed");
    }

    /** Closes everything that is open; the terminal follows. */
    void closeAll(ItemStatus status);

    /** What is known of the usage when the end is not the provider's; absent if nothing is. */
    @Nullable Usage usageSoFar();
}
