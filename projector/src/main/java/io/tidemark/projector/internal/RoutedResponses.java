package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.projector.internal.Answer.Unavailable;
import io.tidemark.projector.internal.Route.Place;
import io.tidemark.schemas.StreamId;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers for one response wherever it is: asks this instance if it has the partition or a copy,
 * then the partition's owner, then who else has a copy, each once. The first that can answer does;
 * if none can, the owner's reason counts. Thread-safe.
 */
public final class RoutedResponses {
    /* A copy is not waited for: what it has is what it has. */
    private static final Duration NO_WAIT = Duration.ofMillis(1);

    private final ResponseQuery local;
    private final Routes routes;
    private final Peers peers;
    private final Semaphore forwards;

    /**
     * Questions about all partitions.
     *
     * @param local answers from the stores that are here
     * @param forwardsMax most answers of others in memory at a time
     */
    public RoutedResponses(ResponseQuery local, Routes routes, Peers peers, int forwardsMax) {
        this.local = local;
        this.routes = routes;
        this.peers = peers;
        this.forwards = new Semaphore(forwardsMax);
    }

    /** Answers from the stores that are here; for a question that was passed on. */
    <E extends Exception> void answerHere(QueryParameters asked, ResponseQuery.Use<E> use)
            throws InterruptedException, E {
        local.<E>answer(
                asked.id(),
                asked.minSequence(),
                asked.maxWait(),
                answer -> use.take(explained(answer, asked.id())));
    }

    /* A store that is not here is being restored only if it belongs here. */
    private Answer explained(Answer answer, StreamId id) {
        return answer.equals(new Unavailable(Reason.RESTORING))
                        && !routes.of(id.partition()).ownedHere()
                ? new Unavailable(Reason.MOVING)
                : answer;
    }

    /** Answers from wherever the stream is. */
    <E extends Exception> void answer(QueryParameters asked, ResponseQuery.Use<E> use)
            throws InterruptedException, E {
        var route = routes.of(asked.id().partition());
        var reason = route.owner() == null ? route.unowned() : Reason.OWNER_UNREACHABLE;
        for (var place : inOrder(route)) {
            boolean owner = place.equals(route.owner());
            var attempt = new Attempt<>(use);
            ask(place, owner ? asked : asked.waiting(atMost(asked.maxWait())), owner, attempt);
            if (attempt.answered) {
                return;
            }
            reason = owner ? attempt.reason : reason;
        }
        use.take(new Unavailable(reason));
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(NO_WAIT) < 0 ? wait : NO_WAIT;
    }

    /* What is here costs nothing to ask. */
    private static List<Place> inOrder(Route route) {
        var places = new ArrayList<Place>();
        var here = new Place.Here();
        if (route.copies().contains(here)) {
            places.add(here);
        }
        if (route.owner() != null) {
            places.add(route.owner());
        }
        route.copies().stream().filter(copy -> !copy.equals(here)).forEach(places::add);
        return places;
    }

    private <E extends Exception> void ask(
            Place place, QueryParameters asked, boolean owner, Attempt<E> attempt)
            throws InterruptedException, E {
        switch (place) {
            case Place.Here _ -> answerHere(asked, attempt);
            case Place.There there -> forward(there, asked, owner, attempt);
        }
    }

    private <E extends Exception> void forward(
            Place.There there, QueryParameters asked, boolean owner, Attempt<E> attempt)
            throws InterruptedException, E {
        var turnMax = ResponseQuery.TURN_WAIT_MAX.toMillis();
        if (!forwards.tryAcquire(turnMax, TimeUnit.MILLISECONDS)) {
            attempt.take(new Unavailable(Reason.BUSY));
            return;
        }
        try {
            var patience = peers.patience();
            var max = owner ? asked.maxWait().plus(patience.owner()) : patience.copy();
            var reply = peers.ask(there.base(), asked.resource()).await(max);
            var answer =
                    reply.map(RoutedResponses::read)
                            .orElseGet(() -> new Unavailable(Reason.OWNER_UNREACHABLE));
            attempt.take(answer);
        } finally {
            forwards.release();
        }
    }

    private static Answer read(HttpResponse<byte[]> reply) {
        return switch (reply.statusCode()) {
            case 200 -> new Answer.Found(reply.body());
            case 404 -> new Answer.Unknown();
            default -> new Unavailable(Problem.reason(reply.body()));
        };
    }

    /** Uses what is an answer, and remembers why there is none. Confined to one thread. */
    private static final class Attempt<E extends Exception> implements ResponseQuery.Use<E> {
        private final ResponseQuery.Use<E> use;
        private boolean answered;
        private Reason reason = Reason.MOVING;

        Attempt(ResponseQuery.Use<E> use) {
            this.use = use;
        }

        @Override
        public void take(Answer answer) throws E {
            if (answer instanceof Unavailable(var why)) {
                reason = why;
            } else {
                answered = true;
                use.take(answer);
            }
        }
    }
}
