package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.projector.internal.Route.Place;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lists the streams of all partitions, wherever they are: each owner is asked for its own, at the
 * same time, and all have to answer. Copies are not asked, for they can prove nothing. Thread-safe.
 */
public final class RoutedLists {
    private final StreamLists local;
    private final Routes routes;
    private final Peers peers;
    private final int partitions;

    /**
     * Lists over all partitions.
     *
     * @param local lists from the stores that are here
     * @param partitions how many the log has
     */
    public RoutedLists(StreamLists local, Routes routes, Peers peers, int partitions) {
        this.local = local;
        this.routes = routes;
        this.peers = peers;
        this.partitions = partitions;
    }

    /** The next page of the partitions that are named, from the stores that are here. */
    Listed here(ListParameters asked) throws InterruptedException {
        return here(asked, asked.partitions());
    }

    private Listed here(ListParameters asked, Set<Integer> some) throws InterruptedException {
        return explained(local.page(some, asked.filter(), asked.limit()));
    }

    /** The next page of all partitions. */
    Listed everywhere(ListParameters asked) throws InterruptedException {
        var places = new LinkedHashMap<Place, Set<Integer>>();
        var failed = new TreeMap<Integer, Reason>();
        place(places, failed);
        if (!failed.isEmpty()) {
            return new Listed.Unavailable(failed);
        }
        return merged(gather(asked, places), asked.limit());
    }

    private void place(Map<Place, Set<Integer>> places, Map<Integer, Reason> failed) {
        for (int partition = 0; partition < partitions; partition++) {
            var route = routes.of(partition);
            var owner = route.owner();
            if (owner == null) {
                failed.put(partition, route.unowned());
            } else {
                places.computeIfAbsent(owner, _ -> new TreeSet<>()).add(partition);
            }
        }
    }

    private List<Listed> gather(ListParameters asked, Map<Place, Set<Integer>> places)
            throws InterruptedException {
        long deadline = System.nanoTime() + peers.patience().list().toNanos();
        var pending = new HashMap<Place, Peers.Pending>();
        places.forEach((place, theirs) -> {
            if (place instanceof Place.There(var base)) {
                pending.put(place, peers.ask(base, asked.resource(theirs)));
            }
        });
        var answers = new ArrayList<Listed>();
        for (var entry : places.entrySet()) {
            var there = pending.get(entry.getKey());
            answers.add(
                    there == null
                            ? here(asked, entry.getValue())
                            : await(there, entry.getValue(), deadline));
        }
        return answers;
    }

    private Listed await(Peers.Pending there, Set<Integer> theirs, long deadline)
            throws InterruptedException {
        var left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        return there.await(left)
                .map(reply -> read(reply, theirs))
                .orElseGet(() -> StreamLists.unavailable(theirs, Reason.OWNER_UNREACHABLE));
    }

    private static Listed read(HttpResponse<byte[]> reply, Set<Integer> theirs) {
        if (reply.statusCode() == 200) {
            return new Listed.Found(StreamPage.decode(reply.body()));
        }
        return StreamLists.unavailable(
                Problem.partitions(reply.body(), theirs), Problem.reason(reply.body()));
    }

    private static Listed merged(List<Listed> answers, int limit) {
        var pages = new ArrayList<StreamPage>();
        var failed = new TreeMap<Integer, Reason>();
        for (var answer : answers) {
            switch (answer) {
                case Listed.Found(var page) -> pages.add(page);
                case Listed.Unavailable(var some) -> failed.putAll(some);
            }
        }
        return failed.isEmpty()
                ? new Listed.Found(StreamPage.merge(pages, limit))
                : new Listed.Unavailable(failed);
    }

    /* A store that is not here is being restored only if it belongs here. */
    private Listed explained(Listed listed) {
        if (!(listed instanceof Listed.Unavailable(var some))) {
            return listed;
        }
        var explained = new TreeMap<Integer, Reason>();
        some.forEach((partition, reason) ->
                explained.put(
                        partition,
                        reason == Reason.RESTORING && !routes.of(partition).ownedHere()
                                ? Reason.MOVING
                                : reason));
        return new Listed.Unavailable(explained);
    }
}
