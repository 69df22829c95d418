package io.tidemark.faults;

import io.tidemark.faults.Target.Role;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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

    FaultRun(RunConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Runs it; data and logs are kept unless it passes. */
    Report run() throws IOException, InterruptedException {
        var plan =
                FaultPlan.draw(config.seed(), config.length(), config.layout(), config.without());
        System.out.println("seed " + config.seed() + ": " + config.command());
        System.out.println(plan.lines());
        long from = System.nanoTime();
        var outcome = run(plan);
        var lasted = Duration.ofNanos(System.nanoTime() - from);
        if (outcome.problems().isEmpty()) {
            Directories.delete(config.directory());
        }
        return new Report(config, lasted, outcome);
    }

    private Outcome run(FaultPlan plan) throws IOException, InterruptedException {
        try (var installation = new Installation(config.layout(), config.directory())) {
            installation.start();
            return run(installation, plan);
        }
    }

    private Outcome run(Installation installation, FaultPlan plan)
            throws IOException, InterruptedException {
        var streams = new KnownStreams(installation.edges().size());
        try (var replicas = new Replicas(installation.bootstrapServers());
                var questions = new Questions(installation.edges(), streams, config.seed());
                var loads = Executors.newVirtualThreadPerTaskExecutor()) {
            var load =
                    new Load(
                            installation.edges(),
                            config.seed(),
                            config.length(),
                            config.rate(),
                            clock,
                            streams);
            if (config.layout().aboutProjectors()) {
                questions.begin();
            }
            var clients = loads.submit(load::run);
            var done = new Faults(installation, config.layout(), replicas, clock).run(plan);
            var held = clients.get();
            questions.end();
            return judge(installation, done, held, streams, questions);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load failed", e.getCause());
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
                        done.happened(), Stream.concat(done.unexpected().stream(), dead).toList());
        var recoveries = Recoveries.of(all.happened(), log);
        var findings =
                config.layout().aboutProjectors()
                        ? findings(installation, all, log, streams, questions)
                        : Findings.none();
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
