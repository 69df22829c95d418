package io.tidemark.faults;

import io.tidemark.devkit.FaultProxy;
import io.tidemark.devkit.FaultProxy.Cut;
import io.tidemark.faults.Target.Role;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does to an installation what a plan says, each fault on a thread of its own from its beginning to
 * the moment when the part is whole again; or step by step. Used once.
 */
final class Faults {
    private static final Duration IN_SYNC_MAX = Duration.ofMinutes(1);
    /* Of a step; a broker that was away for a minute has that minute to catch up with. */
    private static final Duration WHOLE_MAX = Duration.ofMinutes(3);
    private static final Duration LED_MAX = Duration.ofMinutes(1);

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

    /**
     * What became of a plan.
     *
     * @param happened its faults in order of time
     * @param unexpected what nobody had planned
     * @param startedAgain processes that ended before they were ready, while a broker was away, and
     *     how often a supervisor started them again; no problem
     */
    record Done(
            List<Happened> happened, List<String> unexpected, Map<String, Integer> startedAgain) {
        Done {
            startedAgain = Map.copyOf(startedAgain);
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
                            carryOut(planned.fault(), planned.toString());
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
                List.copyOf(unexpected),
                installation.startedAgain());
    }

    /**
     * Carries out one step after the other, each when everything is whole again, and returns when
     * everything is after the last. Bounded: each step has a limit for all that it waits for.
     */
    Done run(Steps steps) throws InterruptedException {
        try (var readiness = new Readiness()) {
            for (var fault : steps.faults()) {
                Thread.sleep(Steps.QUIET);
                carryOut(fault, fault.shown());
                awaitWhole(fault, readiness);
            }
        }
        return new Done(
                List.copyOf(happened), List.copyOf(unexpected), installation.startedAgain());
    }

    private void awaitWhole(Fault fault, Readiness readiness) throws InterruptedException {
        boolean whole =
                switch (fault.target().role()) {
                    case KAFKA, BROKER -> replicas.awaitInSync(WHOLE_MAX);
                    case WORKER, EDGE, PROJECTOR ->
                            readiness.await(installation.status(fault.target()), WHOLE_MAX);
                    case PROVIDER -> true;
                };
        if (!whole) {
            unexpected.add("not whole within " + WHOLE_MAX + " after: " + fault.shown());
        }
    }

    private void carryOut(Fault fault, String shown) throws InterruptedException {
        turns.take(fault.target());
        try {
            if (Turns.shared(fault.target().role()) == Role.BROKER) {
                awaitInSync(fault);
            }
            for (var target : processes(fault.target())) {
                reviveIfDead(target);
            }
            var from = clock.instant();
            System.out.println(from + "  " + shown);
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
            case Fault.Led(var broker) -> {
                if (!replicas.lead(broker.number(), LED_MAX)) {
                    unexpected.add(broker.label() + " does not lead everything");
                }
            }
            case Fault.Cut(var broker, var lasts) when broker.role() == Role.BROKER ->
                    cutOff(broker, lasts);
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

    private void cutOff(Target broker, Duration lasts) throws IOException, InterruptedException {
        installation.cutOff(broker, true);
        try {
            Thread.sleep(lasts);
            /* At once as a rule; Kafka may be too busy to say. */
            if (!replicas.awaitLedByOthers(broker.number(), LED_MAX)) {
                unexpected.add(broker.label() + " was cut off, and others did not take its place");
            }
        } finally {
            installation.cutOff(broker, false);
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
