package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code GET /v1/streams/{id}/events}: the events of a stream, from the one behind the client's
 * tidemark on, as they come, in the representation that the client asks for. Thread-safe.
 */
final class EventsEndpoint implements Endpoint {
    private static final List<String> OFFERED =
            List.of(Accept.EVENT_STREAM, Accept.NDJSON, Accept.JSON);

    private static final String FROM = "from";
    private static final String SNAPSHOT = "snapshot";

    private final Streamer streamer;
    private final ResponseLookup responses;
    private final Absence absence;
    private final Origins origins;
    private final boolean trustForwarded;

    EventsEndpoint(
            Streamer streamer,
            ResponseLookup responses,
            Absence absence,
            Origins origins,
            boolean trustForwarded) {
        this.streamer = streamer;
        this.responses = responses;
        this.absence = absence;
        this.origins = origins;
        this.trustForwarded = trustForwarded;
    }

    /** A representation, for one request. */
    private interface Way {
        /** Begins; says why not if there are too many readers. */
        Optional<Problem> begin(long next, Wish wish);
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        long next = Tidemark.of(call).orElse(-1) + 1;
        var wish = Wish.of(call);
        var way = way(call, id);
        if (responses.erased().mayHaveForgotten(id) && !fromSnapshot(call)) {
            call.later(() -> responses.unlessErased(call, id, () -> stream(call, way, next, wish)));
        } else if (fromSnapshot(call)) {
            call.later(() -> behindSnapshot(call, id, way, wish));
        } else {
            call.later(() -> stream(call, way, next, wish));
        }
    }

    private Way way(Call call, StreamId id) {
        Consumer<Refusal> onRefusal = refusal -> refused(call, id, refusal);
        if (Upgrade.asked(call)) {
            Upgrade.require(call, origins);
            int unacked = (int) call.number("unacked", 1, Acknowledged.UNACKED_MAX).orElse(0);
            return (next, wish) -> streamer.socket(call, id, next, wish, unacked, onRefusal);
        }
        var format = format(call);
        return (next, wish) -> streamer.stream(call, id, next, format, wish, onRefusal);
    }

    private static Format format(Call call) {
        var type =
                Accept.of(call.headers("Accept"))
                        .best(OFFERED)
                        .orElseThrow(() -> new ProblemException(Problem.notAcceptable(OFFERED)));
        return switch (type) {
            case Accept.NDJSON -> Format.LINES;
            case Accept.JSON -> Format.PAGE;
            default -> Format.EVENT_STREAM;
        };
    }

    private static void stream(Call call, Way way, long next, Wish wish) {
        way.begin(next, wish).ifPresent(call::answer);
    }

    /* Who comes back by itself to a URL with a snapshot says in the header what it has by now. */
    private static boolean fromSnapshot(Call call) {
        var from = call.parameter(FROM);
        if (from.isPresent() && !from.get().equals(SNAPSHOT)) {
            throw new ProblemException(
                    Problem.invalid(FROM, FROM + " may be " + SNAPSHOT)
                            .allowing(List.of(SNAPSHOT)));
        }
        if (from.isPresent() && Tidemark.inQuery(call).isPresent()) {
            throw new ProblemException(
                    Problem.invalid(
                            FROM, FROM + " and a place to go on behind exclude each other"));
        }
        return from.isPresent() && Tidemark.inHeader(call).isEmpty();
    }

    private void behindSnapshot(Call call, StreamId id, Way way, Wish wish) {
        var refusal = streamer.refusal(call);
        if (refusal.isPresent()) {
            call.answer(refusal.get());
            return;
        }
        responses.find(
                call,
                id,
                -1,
                /* It may be large: its JSON is not read on the I/O thread. */
                json -> call.blockingNow(() -> behindSnapshot(call, id, json, way, wish)),
                () -> stream(call, way, 0, wish));
    }

    private static void behindSnapshot(Call call, StreamId id, String json, Way way, Wish wish) {
        var snapshot =
                Snapshot.of(id, json)
                        .orElseThrow(() -> new ProblemException(ResponseLookup.unreadable()));
        var behind = wish.with(wish.shape().behind(snapshot));
        call.onLoop(() -> stream(call, way, snapshot.sequence() + 1, behind));
    }

    private void refused(Call call, StreamId id, Refusal refusal) {
        switch (refusal) {
            case Refusal.AtEnd _ -> call.answer(Reply.noContent());
            case Refusal.BeyondEnd(long last) -> call.answer(Problem.beyondEnd(last));
            case Refusal.Gone(long earliest) ->
                    call.answer(Problem.gone(earliest, response(call, id)));
            case Refusal.Missing(long earliest) ->
                    call.answer(Problem.missing(earliest, response(call, id)));
            case Refusal.Erased _ -> call.answer(Problem.erased());
            case Refusal.Undecided _ ->
                    call.answer(
                            Problem.unavailable(
                                    "events_pending", "events before that may still come"));
            case Refusal.Unknown _ ->
                    absence.explain(
                            call, id, _ -> call.answer(Problem.gone(null, response(call, id))));
            case Refusal.Busy _ ->
                    call.answer(
                            Problem.unavailable("busy", "too many readers wait for older events"));
            case Refusal.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
            case Refusal.Draining _ -> call.answer(Problem.draining());
        }
    }

    private String response(Call call, StreamId id) {
        return Links.of(call, id, trustForwarded).response();
    }
}
