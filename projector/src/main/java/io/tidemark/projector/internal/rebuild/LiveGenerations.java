package io.tidemark.projector.internal.rebuild;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorStartException;
import io.tidemark.projector.RebuildListener;
import io.tidemark.projector.internal.QueryHandler;
import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The results that a running projector makes: those that count, and while others begin to count,
 * both.
 *
 * <pre>
 *   one generation --another one counts--&gt; its projection starts beside the old one
 *   both           --restored, caught up--&gt; queries go to the new one; the old one is left behind
 *   both           --a third one counts---&gt; the one that never answered is thrown away
 * </pre>
 *
 * <p>At most two generations run at a time. Has a thread of its own, which looks what counts; what
 * fails there is tried again, and what was there goes on meanwhile. A start finds what counts then.
 * Thread-safe.
 */
public final class LiveGenerations implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveGenerations.class);

    /** How often it looks what counts. */
    static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    /** How long it leaves alone what has failed. */
    static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

    /** Longest time for which a generation that counts no longer goes on for those who ask it. */
    static final Duration DRAIN_MAX = Duration.ofSeconds(10);

    private static final Duration STOP_MAX = Duration.ofSeconds(15);

    /**
     * What runs.
     *
     * @param current answers whoever asks
     * @param other will do so, or did until now; answers instances that ask for its generation
     */
    private record Running(LiveProjection current, @Nullable LiveProjection other) {
        LiveProjection of(OptionalInt generation) {
            return other != null
                            && generation.isPresent()
                            && generation.getAsInt() == other.generation()
                    ? other
                    : current;
        }
    }

    private final ProjectorConfig config;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final int partitions;
    private final String advertised;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    /* Written by the thread alone. */
    private volatile Running running;
    /* Confined to the thread. */
    private @Nullable CatchUp catchUp;

    private LiveGenerations(
            ProjectorConfig config,
            MeterRegistry meters,
            InstantSource clock,
            int partitions,
            String advertised,
            int generation) {
        this.config = config;
        this.meters = meters;
        this.clock = clock;
        this.partitions = partitions;
        this.advertised = advertised;
        this.running = new Running(begin(generation), null);
        running.current().show(meters);
        OldState.delete(config, generation);
        this.thread =
                Thread.ofPlatform().daemon().name("projector-generations").unstarted(this::run);
    }

    /**
     * Starts the generation that counts, and to look which one does.
     *
     * @param config whatever the generation
     * @param meters where the meters of the one that counts are shown
     * @param partitions how many the log has
     * @param advertised {@code HOST:PORT} of this instance as others are told it
     * @throws ProjectorStartException if it cannot be told what counts, or the state directory is
     *     in use
     */
    public static LiveGenerations start(
            ProjectorConfig config,
            MeterRegistry meters,
            InstantSource clock,
            int partitions,
            String advertised) {
        var live =
                new LiveGenerations(
                        config, meters, clock, partitions, advertised, counting(config));
        live.thread.start();
        return live;
    }

    private static int counting(ProjectorConfig config) {
        try {
            return GenerationReader.counting(config.kafka(), config.topics()).generation();
        } catch (KafkaException | MalformedRecordException e) {
            throw new ProjectorStartException(
                    "cannot tell which results count: " + e.getMessage(), e);
        }
    }

    private LiveProjection begin(int generation) {
        var ofGeneration = config.ofGeneration(generation);
        GenerationTopics.ensure(ofGeneration, KafkaRole.PROJECTOR);
        var begun = LiveProjection.start(ofGeneration, clock, partitions, advertised);
        LOGGER.atInfo()
                .addKeyValue("applicationId", begun.applicationId())
                .log("projection started");
        return begun;
    }

    private void run() {
        try (var brokers = new Brokers(config.kafka())) {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(follow(brokers).toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /* One reader as long as it works: what it could not read it would pass by the next time. */
    private Duration follow(Brokers brokers) throws InterruptedException {
        try (var reader = new GenerationReader(config.kafka(), config.topics())) {
            while (true) {
                step(reader.read().current(), brokers);
                TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
            }
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException("stopping").initCause(e);
        } catch (RuntimeException e) {
            LOGGER.atWarn().setCause(e).log("cannot go over to the results that count");
            return RETRY_INTERVAL;
        }
    }

    private void step(int counting, Brokers brokers) throws InterruptedException {
        var other = running.other();
        if (other != null && (other.generation() != counting || isDead(other))) {
            running = new Running(running.current(), null);
            other.discard();
        }
        if (counting == running.current().generation()) {
            return;
        }
        if (running.other() == null) {
            succeed(counting, brokers);
        }
        var next = running.other();
        if (next != null && isReady(next)) {
            goOver(next);
        }
    }

    private static boolean isDead(LiveProjection projection) {
        return projection.state() == KafkaStreams.State.ERROR
                || projection.state() == KafkaStreams.State.NOT_RUNNING;
    }

    private void succeed(int counting, Brokers brokers) throws InterruptedException {
        var next = begin(counting);
        running = new Running(running.current(), next);
        var events = brokers.partitions(config.topics().events());
        catchUp = new CatchUp(brokers, next.applicationId(), events, RebuildListener.NONE);
    }

    private boolean isReady(LiveProjection next) throws InterruptedException {
        return next.state() == KafkaStreams.State.RUNNING && catchUp != null && catchUp.reached();
    }

    /*
     * The meters of the old one go before those of the new one come, for they have the same names.
     * Whoever has asked the old one is answered by it; instances that have not gone over ask it by
     * its number.
     */
    private void goOver(LiveProjection next) throws InterruptedException {
        var old = running.current();
        old.hide();
        next.show(meters);
        running = new Running(next, old);
        LOGGER.atInfo()
                .addKeyValue("applicationId", next.applicationId())
                .log("queries are answered from the results that count now");
        old.drain(DRAIN_MAX);
        running = new Running(next, null);
        old.discard();
    }

    /** Answers queries of a generation, or of the one that counts. */
    public QueryHandler handler(OptionalInt generation) {
        return running.of(generation).handler();
    }

    /** The application whose results count here. */
    public String applicationId() {
        return running.current().applicationId();
    }

    /** What the one that counts is doing. */
    public KafkaStreams.State state() {
        return running.current().state();
    }

    /** Waits until the state of the one that counts is restored; returns whether it is. */
    public boolean awaitRunning(Duration max) throws InterruptedException {
        return running.current().awaitRunning(max);
    }

    /** What Kafka did not allow, if that is why the one that counts stopped. */
    public Optional<String> notAllowed() {
        return running.current().notAllowed();
    }

    /** Wakes every query that waits, because nothing will come any more. */
    public void wakeAll() {
        var now = running;
        now.current().wakeAll();
        if (now.other() != null) {
            now.other().wakeAll();
        }
    }

    /** Stops everything; later calls do nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopThread();
        var now = running;
        try (var _ = now.current()) {
            if (now.other() != null) {
                now.other().close();
            }
        }
    }

    private void stopThread() {
        thread.interrupt();
        try {
            if (!thread.join(STOP_MAX)) {
                LOGGER.atWarn()
                        .addKeyValue("durationMs", STOP_MAX.toMillis())
                        .log("going over to other results not stopped in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
