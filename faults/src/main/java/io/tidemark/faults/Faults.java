package io.tidemark.faults;

import io.tidemark.devkit.FaultProxy;
import io.tidemark.devkit.FaultProxy.Cut;
import io.tidemark.faults.FaultPlan.Planned;
import io.tidemark.faults.Target.Role;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does to an installation what a plan says, each fault on a thread of its own from its beginning to
 * the moment when the part is whole again. Used once.
 */
final class Faults {
    private static final Duration IN_SYNC_MAX = Duration.ofMinutes(1);

    private final Installation installation;
    private final Replicas replicas;
    private final InstantSource clock;
    private final Turns turns;
    private final ConcurrentLinkedQueue<Happened> happened = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();

    /**
     * A fault as it came about.
     *
     * @param from when it began to have an effect
     * @param to when what was taken away was back
     */
    record Happened(Fault fault, Instant from, Instant to) {}

    /** What became of a plan: its faults in order of time, and what nobody had planned. */
    record Done(List<Happened> happened, List<String> unexpected) {
        Done {
            happened = List.copyOf(happened);
            unexpected = List.copyOf(unexpected);
        }
    }

    Faults(Installation installation, Layout layout, Replicas replicas, InstantSource clock) {
        this.installation = installation;
        this.turns = new Turns(layout);
        this.replicas = replicas;
        this.clock = clock;
    }

    /** Carries the plan out and returns when everything is whole again. */
    Done run(FaultPlan plan) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            var before = Duration.ZERO;
            for (var planned : plan.faults()) {
                /* Not until a time: after a machine has slept, all would come at once. */
                Thread.sleep(planned.at().minus(before));
                before = planned.at();
                running.add(
                        threads.submit(() -> {
                            carryOut(planned);
                            return null;
                        }));
            }
            for (var fault : running) {
                fault.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fault could not be done", e.getCause());
        }
        return new Done(
                happened.stream().sorted(Comparator.comparing(Happened::from)).toList(),
                List.copyOf(unexpected));
    }

    private void carryOut(Planned planned) throws InterruptedException {
        var fault = planned.fault();
        turns.take(fault.target());
        try {
            if (Turns.shared(fault.target().role()) == Role.BROKER) {
                awaitInSync(fault);
            }
            for (var target : processes(fault.target())) {
                reviveIfDead(target);
            }
            var from = clock.instant();
            System.out.println(from + "  " + planned);
            apply(fault);
            happened.add(new Happened(fault, from, clock.instant()));
        } catch (IOException e) {
            unexpected.add(fault.kind() + ": " + e.getMessage());
        } finally {
            turns.give(fault.target());
        }
    }

    private List<Target> processes(Target target) {
        return switch (target.role()) {
            case KAFKA -> installation.targets(Role.BROKER);
            case PROVIDER, BROKER, WORKER, EDGE, PROJECTOR -> List.of(target);
        };
    }

    private void awaitInSync(Fault fault) throws InterruptedException {
        if (!replicas.awaitInSync(IN_SYNC_MAX)) {
            unexpected.add("replicas not in sync before: " + fault.kind());
        }
    }

    /* Nobody planned that it ended; a supervisor would start it again, and so do we. */
    private void reviveIfDead(Target target) throws IOException, InterruptedException {
        var process = installation.process(target);
        if (!process.alive()) {
            unexpected.add(target.label() + " had ended by itself");
            process.start();
        }
    }

    private void apply(Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case Fault.Killed(var target, var lasts) -> {
                installation.process(target).kill();
                Thread.sleep(lasts);
                installation.process(target).start();
            }
            case Fault.Emptied(var target, var lasts) -> {
                installation.process(target).kill();
                Thread.sleep(lasts);
                installation.empty(target);
                installation.process(target).start();
            }
            case Fault.Paused(var target, var lasts) -> {
                installation.process(target).pause();
                Thread.sleep(lasts);
                installation.process(target).resume();
            }
            case Fault.Away away -> {
                for (var broker : processes(away.target())) {
                    installation.process(broker).kill();
                }
                Thread.sleep(away.lasts());
                installation.startAll(Role.BROKER);
            }
            case Fault.Restarted(var target) -> restart(target);
            case Fault.Cut(var target, var lasts) -> {
                network(target, true);
                Thread.sleep(lasts);
                network(target, false);
            }
            case Fault.Stall(var target, var lasts) -> {
                installation.network(target).forEach(proxy -> proxy.stall(true));
                Thread.sleep(lasts);
                installation.network(target).forEach(proxy -> proxy.stall(false));
            }
            case Fault.Reset(var target) ->
                    installation.network(target).forEach(proxy -> proxy.cutAll(Cut.RESET));
        }
    }

    private void restart(Target target) throws IOException, InterruptedException {
        var process = installation.process(target);
        int exitCode = process.stop();
        if (exitCode != 0) {
            unexpected.add(target.label() + " stopped with exit code " + exitCode);
        }
        process.start();
    }

    private void network(Target target, boolean cut) {
        for (FaultProxy proxy : installation.network(target)) {
            proxy.refuse(cut);
            if (cut) {
                proxy.cutAll(Cut.RESET);
            }
        }
    }
}
