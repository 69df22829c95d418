package io.tidemark.ingest.internal;

import static java.util.function.Function.identity;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Done;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Scope;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.seal.StreamSeal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;

/**
 * Ends a stream from what the log holds of it, and puts its end on record. Tries until Kafka takes
 * it or the stream is abandoned, since a stream must not stay without an end while its owner lives.
 * Confined to the stream's thread, but for {@link #fenced}, which any thread may read.
 */
final class StreamEnding {
    /** A terminal event, given whether content was sent before it. */
    interface Terminal {
        LifecycleBody given(boolean partial);
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamEnding.class);

    /** What is left of a name in a start that no event could hold, in characters. */
    private static final int NAME_CHARS_MAX = 32;

    private final StreamServices services;
    private final Insistence insistence;
    private Command.Start start;
    private StreamSeal seal = new StreamSeal.Open();
    /* Written by the stream's thread. */
    private volatile Attempt fenced = Attempt.NONE;

    /**
     * @param insistence lasts for as long as the stream is ours
     */
    StreamEnding(Command.Start start, StreamServices services, Insistence insistence) {
        this.start = start;
        this.services = services;
        this.insistence = insistence;
    }

    /** The stream is encrypted: what its start says, and how its events are written. */
    void unsealed(Command.Start opened, StreamSeal newSeal) {
        start = opened;
        seal = newSeal;
    }

    /** The event that every stream begins with. */
    static Started started(Command.Start start, Attempt attempt) {
        return new Started(
                start.provider(),
                start.model(),
                start.api(),
                Scope.RESPONSE,
                attempt.number(),
                null,
                null,
                start.tenant(),
                start.metadata().isEmpty() ? null : start.metadata());
    }

    /**
     * Fences what we wrote ourselves, reads it back and ends it.
     *
     * @param broken how far we came with it
     * @return empty if the stream was abandoned
     * @throws OutrankedException if the partition has another owner by now, who ends it
     */
    Optional<Told> fromLog(EventWriter broken, Terminal terminal) {
        return insistence
                .untilTaken(() -> {
                    /* Read anew where the end itself was not taken, for some of it may be there. */
                    var held = insistence.untilTaken(services.inherit(broken));
                    return held.map(inherited -> {
                        fenced = inherited.attempt();
                        return end(inherited, terminal);
                    });
                })
                .flatMap(identity());
    }

    /** The attempt of our latest fence; {@link Attempt#NONE} if nothing was fenced here. */
    Attempt fenced() {
        return fenced;
    }

    /**
     * Ends a stream that is ours alone: closes what is open, then writes the terminal, unless it is
     * there.
     *
     * @throws LogFailedException if Kafka does not take it
     */
    Told end(Inherited inherited, Terminal terminal) {
        if (!inherited.ended()) {
            var writer =
                    new EventWriter(
                            services.log(),
                            start,
                            services.providerTag(start),
                            inherited.attempt(),
                            inherited.next(),
                            () -> {});
            writer.sealWith(seal);
            if (inherited.next() == 0) {
                begin(writer, started(start, inherited.attempt()));
            }
            inherited.content().closing().forEach(writer::write);
            writer.write(Draft.of(terminal.given(inherited.content().contentSeen())));
            writer.awaitEnd();
            return new Told(inherited.attempt(), writer.nextSequence() - 1);
        }
        return new Told(inherited.attempt(), inherited.next() - 1);
    }

    /* Without an event that says so the stream would never be known to have ended. */
    private static void begin(EventWriter writer, Started whole) {
        try {
            writer.write(Draft.of(whole));
        } catch (EventTooLargeException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", writer.id())
                    .addKeyValue("actualBytes", e.actualBytes())
                    .addKeyValue("limitBytes", e.limitBytes())
                    .log("start too large for an event, cut");
            writer.write(Draft.of(cut(whole)));
        }
    }

    private static Started cut(Started whole) {
        return new Started(
                cut(whole.provider()),
                cut(whole.model()),
                whole.api() == null ? null : cut(whole.api()),
                whole.scope(),
                whole.attempt(),
                null,
                null,
                whole.tenant() == null ? null : cut(whole.tenant()),
                null);
    }

    /* One that parts a character in two leaves what is not written as UTF-8 without loss. */
    private static String cut(String name) {
        return name.length() <= NAME_CHARS_MAX
                ? name
                : Unicode.wellFormed(name.substring(0, NAME_CHARS_MAX));
    }

    /**
     * Puts the end on record, so that the start needs no owner any more.
     *
     * @return false if the stream was abandoned
     */
    boolean confirm(Told told) {
        var done =
                new Done(
                        start.requestId(),
                        services.log().clock().millis(),
                        services.workerId(),
                        told.attempt(),
                        told.lastSequence());
        var record = CommandCodec.record(services.commandsTopic(), done);
        return insistence.untilTaken(() -> services.commands().sendAndWait(record)).isPresent();
    }
}
