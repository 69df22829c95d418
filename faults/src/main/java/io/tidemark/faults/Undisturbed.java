package io.tidemark.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.faults.Faults.Happened;
import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a fixed plan promises beyond what every run does: every stream has what it needs all the
 * time, so it ends as {@code complete}, or is cancelled by its own client. Nothing else is allowed:
 * not as failed, whatever the code, nor for want of readers. One exception: a stream whose start
 * was never acknowledged has no readers, and may end for want of them.
 *
 * <p>And that each step was done while streams were in flight, on the worker that was restarted if
 * it was one. Immutable, but for the log.
 *
 * @param held what each client holds
 */
record Undisturbed(Steps steps, List<Held> held, Log log, Faults.Done done) {
    private static final int SHOWN_MAX = 20;
    private static final Duration LEASE_AGE_MAX = Duration.ofSeconds(6);

    Undisturbed {
        held = List.copyOf(held);
    }

    /** As the report has them. */
    Findings findings() {
        var disturbed = disturbed();
        var problems = new ArrayList<>(untested());
        disturbed.forEach((id, end) -> problems.add("ended as %s: %s".formatted(end, id)));
        var json = JsonNodeFactory.instance.objectNode();
        json.put("disturbed", disturbed.size());
        json.put("hit", hit());
        mended().forEach(json.putObject("mended")::put);
        return new Findings(
                lines(), problems.stream().limit(SHOWN_MAX).toList(), disturbed.keySet(), json);
    }

    private Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("streams in flight during a step", Long.toString(hit()));
        lines.put("streams that went on behind a fence", mended().toString());
        waits().forEach((kind, waits) -> lines.put(kind + " to next event", waits.shown()));
        lines.put("streams that ended as they should not", Integer.toString(disturbed().size()));
        return lines;
    }

    /** Streams that ended otherwise than the provider or their client made them, and how. */
    Map<StreamId, String> disturbed() {
        var clients = new HashMap<String, Held>();
        held.forEach(it -> clients.put(String.valueOf(it.requestId()), it));
        var disturbed = new TreeMap<StreamId, String>();
        log.streams()
                .forEach((id, stream) -> {
                    var end = stream.end();
                    if (end != null && !allowed(end, clients.get(id.toString()))) {
                        disturbed.put(id, end);
                    }
                });
        return disturbed;
    }

    private static boolean allowed(String end, @Nullable Held client) {
        return switch (end) {
            case LoggedStream.COMPLETE -> true;
            case LoggedStream.CANCELLED -> client != null && client.shape().cancelAfter() != null;
            case LoggedStream.DISCONNECTED -> client == null;
            default -> false;
        };
    }

    private List<String> untested() {
        var untested = new ArrayList<String>();
        var left = new ArrayList<>(steps.faults());
        done.happened().forEach(it -> left.remove(it.fault()));
        left.forEach(fault -> untested.add("was not done: " + fault.shown()));
        for (var it : done.happened()) {
            if (inFlight(it).isEmpty()) {
                untested.add("no stream was in flight: " + it.fault().shown());
            }
        }
        return untested;
    }

    private Set<StreamId> inFlight(Happened step) {
        return step.fault().target().role() == Role.WORKER ? leased(step) : open(step);
    }

    private Set<StreamId> open(Happened step) {
        long at = step.from().toEpochMilli();
        var open = new HashSet<StreamId>();
        log.starts()
                .forEach((id, started) -> {
                    var stream = log.streams().get(id);
                    if (started <= at && stream != null && !stream.endedBy(at)) {
                        open.add(id);
                    }
                });
        return open;
    }

    private Set<StreamId> leased(Happened step) {
        long at = step.from().toEpochMilli();
        var leased = new HashSet<StreamId>();
        log.leases().stream()
                .filter(it -> it.worker().equals(step.fault().target().label()))
                .filter(it -> it.at() <= at && it.at() > at - LEASE_AGE_MAX.toMillis())
                .forEach(it -> leased.addAll(it.open()));
        leased.retainAll(open(step));
        return leased;
    }

    /** How many streams were in flight when something was done, each of them once. */
    private long hit() {
        var hit = new HashSet<StreamId>();
        done.happened().forEach(step -> hit.addAll(inFlight(step)));
        return hit.size();
    }

    /** Streams that went on behind a fence, by the kind of the last step before it. */
    Map<String, Integer> mended() {
        var mended = new TreeMap<String, Integer>();
        for (var stream : log.streams().values()) {
            stream.mendedAt().ifPresent(at -> mended.merge(lastStepBefore(at), 1, Integer::sum));
        }
        return mended;
    }

    private String lastStepBefore(long at) {
        return done.happened().stream()
                .filter(step -> step.from().toEpochMilli() <= at)
                .reduce((_, last) -> last)
                .map(step -> step.fault().kind())
                .orElse("before all");
    }

    /** From each step to the next event of each stream in flight, by kind. */
    private Map<String, Waits> waits() {
        var waits = new TreeMap<String, List<Duration>>();
        for (var step : done.happened()) {
            long at = step.from().toEpochMilli();
            for (var id : inFlight(step)) {
                var stream = log.streams().get(id);
                if (stream != null) {
                    stream.eventAfter(at)
                            .ifPresent(next ->
                                    waits.computeIfAbsent(
                                                    step.fault().kind(), _ -> new ArrayList<>())
                                            .add(Duration.ofMillis(next - at)));
                }
            }
        }
        var shown = new TreeMap<String, Waits>();
        waits.forEach((kind, times) -> shown.put(kind, new Waits(times)));
        return shown;
    }
}
