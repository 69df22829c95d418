package io.tidemark.faults;

import io.tidemark.faults.Faults.Happened;
import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How long the streams of a worker that was killed, or paused, had to wait for their next event, by
 * the log's own times. Immutable.
 *
 * <p>In flight on a worker is what its last leases before the fault name, and what no lease has
 * named yet and is fenced after the fault without anybody else's naming it before that, as far as
 * it had not ended. After a kill the next event is the first behind a fence, for what the dead
 * worker had sent may still be appended. A kill is measured <em>alone</em> if no other fault of a
 * worker, a broker or the provider was going on, or had ended less than {@link #SETTLED} before,
 * while its streams waited.
 *
 * @param aloneKilled waits after kills with nothing else going on
 * @param otherKilled waits after kills with other faults about
 * @param paused waits after {@code kill -STOP}
 * @param lost streams that were never heard of again
 */
record Recoveries(
        List<Duration> aloneKilled,
        List<Duration> otherKilled,
        List<Duration> paused,
        List<StreamId> lost) {
    /** Longest wait that is allowed after a kill with nothing else going on. */
    static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Duration SETTLED = Duration.ofSeconds(10);
    /* What was sent before the process stopped is appended within that. */
    private static final Duration ON_THE_WAY = Duration.ofMillis(100);
    private static final Duration LEASE_AGE_MAX = Duration.ofSeconds(6);

    Recoveries {
        aloneKilled = List.copyOf(aloneKilled);
        otherKilled = List.copyOf(otherKilled);
        paused = List.copyOf(paused);
        lost = List.copyOf(lost);
    }

    static Recoveries of(List<Happened> faults, Log log) {
        var recoveries =
                new Recoveries.Builder(
                        faults,
                        log,
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>());
        for (var fault : faults) {
            if (fault.fault().target().role() == Role.WORKER) {
                switch (fault.fault()) {
                    case Fault.Killed _, Fault.Emptied _ -> recoveries.killed(fault);
                    case Fault.Paused _ -> recoveries.paused(fault);
                    case Fault.Restarted _,
                            Fault.Away _,
                            Fault.Led _,
                            Fault.Cut _,
                            Fault.Stall _,
                            Fault.Reset _ -> {
                        // The worker lives.
                    }
                }
            }
        }
        return recoveries.build();
    }

    private record Builder(
            List<Happened> faults,
            Log log,
            List<Duration> alone,
            List<Duration> other,
            List<Duration> paused,
            List<StreamId> lost) {
        Recoveries build() {
            return new Recoveries(alone, other, paused, lost);
        }

        void killed(Happened death) {
            long at = death.from().toEpochMilli();
            var inFlight = new HashSet<>(leased(death));
            inFlight.addAll(notLeasedYet(death));
            var waits = alone(death) ? alone : other;
            for (var id : inFlight) {
                var stream = log.streams().get(id);
                if (stream == null) {
                    lost.add(id);
                } else if (stream.fenceAfter(at).isPresent()) {
                    stream.takenOverAfter(at)
                            .ifPresentOrElse(
                                    next -> waits.add(Duration.ofMillis(next - at)),
                                    () -> lostUnlessEnded(id, stream));
                } else {
                    lostUnlessEnded(id, stream);
                }
            }
        }

        /* One that the dead worker had ended itself: its terminal event was on the way. */
        private void lostUnlessEnded(StreamId id, LoggedStream stream) {
            if (stream.end() == null) {
                lost.add(id);
            }
        }

        void paused(Happened pause) {
            long at = pause.from().plus(ON_THE_WAY).toEpochMilli();
            for (var id : leased(pause)) {
                var stream = log.streams().get(id);
                if (stream != null) {
                    stream.eventAfter(at).ifPresent(next -> paused.add(since(pause.from(), next)));
                }
            }
        }

        private static Duration since(Instant from, long to) {
            return Duration.ofMillis(to - from.toEpochMilli());
        }

        private Set<StreamId> leased(Happened fault) {
            long at = fault.from().toEpochMilli();
            var worker = fault.fault().target().label();
            var last = new HashMap<Integer, Log.TimedLease>();
            for (var lease : log.leases()) {
                if (lease.at() <= at
                        && lease.at() > at - LEASE_AGE_MAX.toMillis()
                        && lease.worker().equals(worker)) {
                    last.put(lease.partition(), lease);
                }
            }
            var open = new HashSet<StreamId>();
            for (var lease : last.values()) {
                lease.open().stream().filter(id -> inFlight(id, at)).forEach(open::add);
            }
            return open;
        }

        private boolean inFlight(StreamId id, long at) {
            var stream = log.streams().get(id);
            return stream == null || !stream.endedBy(at);
        }

        private Set<StreamId> notLeasedYet(Happened death) {
            long at = death.from().toEpochMilli();
            var named = new HashSet<StreamId>();
            log.leases().stream()
                    .filter(lease -> lease.at() <= at)
                    .forEach(lease -> named.addAll(lease.open()));
            var young = new HashSet<StreamId>();
            log.starts()
                    .forEach((id, started) -> {
                        var stream = log.streams().get(id);
                        if (stream != null
                                && started <= at
                                && !named.contains(id)
                                && !stream.endedBy(at)) {
                            long fence = stream.fenceAfter(at).orElse(Long.MIN_VALUE);
                            if (lastDeathBefore(fence) == at && !othersLease(id, death, fence)) {
                                young.add(id);
                            }
                        }
                    });
            return young;
        }

        /* Who lives says so within seconds; who takes it over does not before the fence. */
        private boolean othersLease(StreamId id, Happened death, long fence) {
            var dead = death.fault().target().label();
            return log.leases().stream()
                    .filter(lease -> lease.at() > death.from().toEpochMilli() && lease.at() < fence)
                    .anyMatch(lease -> !lease.worker().equals(dead) && lease.open().contains(id));
        }

        private long lastDeathBefore(long fence) {
            return faults.stream()
                    .filter(it -> it.fault() instanceof Fault.Killed)
                    .filter(it -> it.fault().target().role() == Role.WORKER)
                    .mapToLong(it -> it.from().toEpochMilli())
                    .filter(death -> death < fence)
                    .max()
                    .orElse(Long.MIN_VALUE);
        }

        private boolean alone(Happened death) {
            var until = death.from().plus(LONGEST);
            return faults.stream()
                    .filter(it -> !it.equals(death))
                    .filter(it -> keepsWaiting(it.fault().target().role()))
                    .noneMatch(it ->
                            it.from().isBefore(until)
                                    && it.to().plus(SETTLED).isAfter(death.from()));
        }

        /* What goes on in background is read again first, and for that the provider is asked. */
        private static boolean keepsWaiting(Role role) {
            return writesOrKeeps(role) || role == Role.PROVIDER;
        }
    }

    /** Whether a stream may need somebody else to go on when one of that role is hit. */
    static boolean writesOrKeeps(Role role) {
        return role == Role.WORKER || role == Role.BROKER || role == Role.KAFKA;
    }
}
