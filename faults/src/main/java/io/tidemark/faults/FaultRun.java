package io.tidemark.faults;

import io.tidemark.faults.Target.Role;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * One run of the suite: starts an installation, puts it under load, does to it what the plan says,
 * waits until everything has ended, and judges. Used once.
 */
final class FaultRun {
    private static final Duration ENDS_MAX = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofSeconds(2);

    private final RunConfig config;
    private final InstantSource clock;
    /* Of which the one is done that the configuration names. */
    private final Steps steps;
    private final FaultPlan drawn;

    FaultRun(RunConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.steps = config.plan().steps(config.layout());
        this.drawn =
                FaultPlan.draw(config.seed(), config.length(), config.layout(), config.without());
    }

    /** Runs it; data and logs are kept unless it passes. */
    Report run() throws IOException, InterruptedException {
        System.out.println("seed " + config.seed() + ": " + config.command());
        System.out.println(config.plan().fixed() ? steps.lines() : drawn.lines());
        long from = System.nanoTime();
        var outcome = outcome();
        var lasted = Duration.ofNanos(System.nanoTime() - from);
        if (outcome.problems().isEmpty()) {
            Directories.delete(config.directory());
        }
        return new Report(config, lasted, outcome);
    }

    private Outcome outcome() throws IOException, InterruptedException {
        try (var hosts = hosts();
                var installation =
                        new Installation(
                                config.plan(), config.layout(), hosts, config.directory())) {
            installation.start();
            return run(installation);
        }
    }

    private BrokerHosts hosts() throws IOException, InterruptedException {
        return config.plan().apart()
                ? Namespaces.create(config.layout().brokers())
                : BrokerHosts.loopback();
    }

    private Outcome run(Installation installation) throws IOException, InterruptedException {
        var streams = new KnownStreams(installation.edges().size());
        try (var replicas = new Replicas(installation.bootstrapServers());
                var questions = new Questions(installation.edges(), streams, config.seed());
                var loads = Executors.newVirtualThreadPerTaskExecutor()) {
            var load =
                    new Load(
                            installation.edges(),
                            config.seed(),
                            new Load.Pace(
                                    config.length(),
                                    config.rate(),
                                    config.plan().longest(config.length())),
                            clock,
                            streams);
            if (config.layout().aboutProjectors()) {
                questions.begin();
            }
            var hits = new AtomicBoolean(config.plan().fixed());
            var clients = loads.submit(() -> load.run(hits::get));
            var done = done(new Faults(installation, config.layout(), replicas, clock), hits);
            var held = clients.get();
            questions.end();
            return judge(installation, done, held, streams, questions);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load failed", e.getCause());
        }
    }

    private Faults.Done done(Faults faults, AtomicBoolean hits) throws InterruptedException {
        try {
            return config.plan().fixed() ? faults.run(steps) : faults.run(drawn);
        } finally {
            hits.set(false);
        }
    }

    private Outcome judge(
            Installation installation,
            Faults.Done done,
            List<Held> held,
            KnownStreams streams,
            Questions questions)
            throws IOException, InterruptedException {
        var log = ended(installation.bootstrapServers());
        var verification = Verification.run(installation);
        var dead = installation.dead().stream().map(name -> name + " had ended by itself");
        var all =
                new Faults.Done(
                        done.happened(),
                        Stream.concat(done.unexpected().stream(), dead).toList(),
                        installation.startedAgain());
        var recoveries = Recoveries.of(all.happened(), log);
        var findings = Findings.none();
        if (config.layout().aboutProjectors()) {
            findings = findings(installation, all, log, streams, questions);
        } else if (config.plan().fixed()) {
            findings = new Undisturbed(steps, held, log, all).findings();
        }
        var outcome =
                new Outcome(config.leftOut(), held, all, log, recoveries, verification, findings);
        var suspects = outcome.suspects();
        if (!suspects.isEmpty()) {
            var file = config.directory().resolve("suspects.txt");
            StreamDump.write(file, installation.bootstrapServers(), suspects);
        }
        return outcome;
    }

    private Findings findings(
            Installation installation,
            Faults.Done done,
            Log log,
            KnownStreams streams,
            Questions questions)
            throws IOException, InterruptedException {
        var all = log.starts().keySet();
        var ledger = Ledger.await(installation.bootstrapServers(), all, ENDS_MAX);
        questions.askForAll(all, ledger);
        /* What it has not written by then it never will. */
        installation.process(new Target(Role.PROVIDER, 0)).stop();
        var accounting = Accounting.of(all, ProviderAccount.read(installation.journal()), ledger);
        return new ProjectorFindings(config.seed(), done, streams, questions, ledger, accounting)
                .findings();
    }

    /* Streams whose client gave up, or never knew of them, may take longer than all clients. */
    private static Log ended(String bootstrapServers) throws InterruptedException {
        long deadline = System.nanoTime() + ENDS_MAX.toNanos();
        var log = Log.read(bootstrapServers);
        while (log.open() > 0 && System.nanoTime() - deadline < 0) {
            Thread.sleep(POLL);
            log = Log.read(bootstrapServers);
        }
        return log;
    }
}
