package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.LifecycleBody;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns what one upstream connection brings into events. Does no I/O and reads no clock: the pump
 * that owns it reads the bytes, waits, and writes what is returned, in the order returned. Confined
 * to one thread.
 *
 * <p>However it is driven, exactly one terminal draft is returned, by {@link #accept}, {@link
 * #whole}, {@link #endOfBytes}, {@link #holdExpired} or {@link #end}; everything that was open is
 * closed before it, and every later call returns nothing.
 *
 * <pre>{@code
 * normaliser.accept(signal)   // for each signal of the parser
 * normaliser.whole(answer)    // or once, of an answer that is no stream
 * normaliser.holding()        // present: wait no longer than that for the next signal, then
 * normaliser.holdExpired()    // say what was held back
 * normaliser.endOfBytes()     // after the parser's own end
 * normaliser.end(cancelled)   // when somebody else decides the end
 * }</pre>
 */
public interface Normaliser {
    /**
     * The next thing the connection brought. Never throws for what it holds: what cannot be read
     * ends the stream with {@code protocol_error}.
     */
    List<Draft> accept(SseSignal signal);

    /**
     * The connection brought one whole JSON object instead of a stream, as servers do that do not
     * know {@code stream}. Gives everything it holds, the terminal included, or nothing if it is no
     * finished answer of this dialect.
     */
    List<Draft> whole(ObjectNode answer);

    /** The connection ended, orderly or not; gives the terminal if none was given yet. */
    List<Draft> endOfBytes();

    /**
     * The end was decided on our side: cancelled, timed out, shut down.
     *
     * @param terminal the terminal body to end with
     * @throws IllegalArgumentException if {@code terminal} is not terminal
     */
    List<Draft> end(LifecycleBody terminal);

    /** Whether the terminal was returned. Signals that still come are late: count them, no more. */
    boolean ended();

    /** Whether content, not only status, was returned: what a failure's {@code partial} says. */
    boolean contentSent();

    /**
     * Present while a failure was announced whose details may follow: how long to wait, from the
     * moment this first became present, before {@link #holdExpired} is called.
     */
    Optional<Duration> holding();

    /** The wait of {@link #holding} is over; does nothing if nothing is held. */
    List<Draft> holdExpired();

    /**
     * Another connection goes on after {@link #providerSequence}: what it brings of earlier numbers
     * is passed by. Only where {@link ProviderApi#resumption} says that there can be another.
     */
    void resumed();

    /**
     * Whether somebody else could go on with the response, since the provider does so by itself and
     * has said what to call it.
     */
    default boolean resumable() {
        return false;
    }

    /** Highest number the provider gave to a frame so far: the cursor to resume from. */
    OptionalLong providerSequence();
}
