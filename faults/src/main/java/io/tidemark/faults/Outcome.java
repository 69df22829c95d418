package io.tidemark.faults;

import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run was, and what is wrong with it. Immutable, but for the log.
 *
 * @param without kinds of faults that were left out
 * @param held what each client holds
 * @param done which faults there were
 * @param log what the topics hold
 * @param findings what was looked for beside, if anything was
 */
record Outcome(
        Set<String> without,
        List<Held> held,
        Faults.Done done,
        Log log,
        Recoveries recoveries,
        Verification verification,
        Findings findings) {
    private static final int SHOWN_MAX = 20;
    private static final String WORKER_KILLED =
            new Fault.Killed(new Target(Role.WORKER, 0), Duration.ZERO).kind();

    Outcome {
        without = Set.copyOf(without);
        held = List.copyOf(held);
    }

    /** How often each kind of fault was done. */
    SortedMap<String, Long> faultsByKind() {
        var kinds = new TreeMap<String, Long>();
        done.happened().forEach(it -> kinds.merge(it.fault().kind(), 1L, Long::sum));
        return kinds;
    }

    /** How the streams ended. */
    SortedMap<String, Long> ends() {
        var ends = new TreeMap<String, Long>();
        for (var stream : log.streams().values()) {
            var end = stream.end();
            ends.merge(end == null ? "open" : end, 1L, Long::sum);
        }
        return ends;
    }

    long gaps() {
        return log.streams().values().stream().mapToLong(LoggedStream::gaps).sum();
    }

    long duplicates() {
        return log.streams().values().stream().mapToLong(LoggedStream::duplicates).sum();
    }

    long doubledTerminals() {
        return log.streams().values().stream().filter(it -> it.terminals() > 1).count();
    }

    long takenOver() {
        return log.streams().values().stream().filter(it -> it.fences() > 0).count();
    }

    /** Clients that hold their stream to its end. */
    long whole() {
        return held.stream().filter(Held::ended).count();
    }

    /** Clients whose starts no edge acknowledged for a minute. */
    long notStarted() {
        return held.stream().filter(it -> it.requestId() == null).count();
    }

    /** Clients whose cancel an edge acknowledged. */
    long cancels() {
        return held.stream().filter(it -> it.cancelledAt() != null).count();
    }

    /** Clients whose stream the provider was to go on with by itself. */
    long background() {
        return held.stream().filter(it -> it.shape().background()).count();
    }

    /** Clients whose stream was to be cancelled when nobody read it any more. */
    long forReaders() {
        return held.stream().filter(it -> it.shape().forReaders()).count();
    }

    long connections() {
        return held.stream().mapToLong(Held::connections).sum();
    }

    /** Streams that no client knows of: their start was not acknowledged, and counts. */
    long orphans() {
        var known = new HashSet<String>();
        held.forEach(it -> known.add(String.valueOf(it.requestId())));
        return log.starts().keySet().stream().filter(id -> !known.contains(id.toString())).count();
    }

    /** Everything that makes it a failure; empty if it is none. */
    List<String> problems() {
        var problems = new ArrayList<String>(done.unexpected());
        if (verification.exitCode() != 0) {
            problems.add("verify: " + verification.shown());
        }
        if (verification.pending() != 0) {
            problems.add("verify: the projector did not read everything");
        }
        counted(problems, "gaps in the log", gaps());
        counted(problems, "sequences twice in the log", duplicates());
        counted(problems, "streams with more than one terminal event", doubledTerminals());
        counted(problems, "streams that were started and have no end, or no done", log.open());
        recoveries.lost().forEach(id -> problems.add("never heard of again: " + id));
        var longest = new Waits(recoveries.aloneKilled()).longest();
        if (longest.compareTo(Recoveries.LONGEST) > 0) {
            problems.add(
                    "a stream waited %.1fs after a kill, more than %ds are not allowed"
                            .formatted(longest.toMillis() / 1e3, Recoveries.LONGEST.toSeconds()));
        }
        addUntested(problems);
        problems.addAll(findings.problems());
        held.forEach(it -> problems.addAll(problems(it)));
        return problems.size() > SHOWN_MAX
                ? more(problems.subList(0, SHOWN_MAX), problems.size() - SHOWN_MAX)
                : problems;
    }

    private static List<String> more(List<String> shown, int left) {
        var all = new ArrayList<>(shown);
        all.add("and " + left + " more");
        return all;
    }

    private static void counted(List<String> problems, String what, long count) {
        if (count > 0) {
            problems.add(count + " " + what);
        }
    }

    /* A run in which nothing could go wrong has shown nothing. */
    private void addUntested(List<String> problems) {
        if (whole() == 0) {
            problems.add("no client has the whole of its stream");
        }
        if (recoveries.aloneKilled().isEmpty() && !without.contains(WORKER_KILLED)) {
            problems.add("no stream was in flight on a worker that was killed alone");
        }
        counted(
                problems,
                "clients never started a stream, and Kafka was not away",
                held.stream().filter(it -> it.requestId() == null && !kafkaWasAway(it)).count());
    }

    private boolean kafkaWasAway(Held client) {
        var until = client.from().plus(Client.START_MAX);
        return done.happened().stream()
                .filter(it -> it.fault() instanceof Fault.Away)
                .anyMatch(it -> it.from().isBefore(until) && it.to().isAfter(client.from()));
    }

    private List<String> problems(Held client) {
        var id = client.requestId();
        return id == null
                ? List.of()
                : Promises.broken(client, log.streams().get(StreamId.parse(id)), done.happened());
    }

    /** Streams that something is wrong with. */
    Set<StreamId> suspects() {
        var suspects = new HashSet<>(recoveries.lost());
        suspects.addAll(findings.suspects());
        verification
                .report()
                .path("violations")
                .forEach(it -> suspects.addAll(parsed(it.path("requestId").asText(null))));
        log.streams()
                .forEach((id, stream) -> {
                    if (stream.gaps() > 0 || stream.duplicates() > 0 || stream.terminals() != 1) {
                        suspects.add(id);
                    }
                });
        held.stream()
                .filter(it -> !problems(it).isEmpty())
                .forEach(it -> suspects.addAll(parsed(it.requestId())));
        return suspects;
    }

    private static Set<StreamId> parsed(@Nullable String id) {
        return id == null ? Set.of() : Set.of(StreamId.parse(id));
    }

    /** The measured times, by what they are. */
    Map<String, Waits> waits() {
        var waits = new TreeMap<String, Waits>();
        waits.put("kill to next event, alone", new Waits(recoveries.aloneKilled()));
        waits.put("kill to next event, amid other faults", new Waits(recoveries.otherKilled()));
        waits.put("pause to next event", new Waits(recoveries.paused()));
        return waits;
    }
}
