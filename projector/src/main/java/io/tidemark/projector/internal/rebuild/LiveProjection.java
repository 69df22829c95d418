package io.tidemark.projector.internal.rebuild;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.internal.Answers;
import io.tidemark.projector.internal.Projection;
import io.tidemark.projector.internal.QueryHandler;

import org.apache.kafka.streams.KafkaStreams;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One generation of results that a running projector makes and answers from. Its meters are shown
 * while it is the one that counts: two generations have the same, and count the same events.
 * Thread-safe.
 */
final class LiveProjection implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private final ProjectorConfig config;
    private final ProjectorMetrics metrics;
    private final ShownMeters shown;
    private final Projection projection;
    private final Answers answers;

    private LiveProjection(
            ProjectorConfig config,
            ProjectorMetrics metrics,
            ShownMeters shown,
            Projection projection,
            Answers answers) {
        this.config = config;
        this.metrics = metrics;
        this.shown = shown;
        this.projection = projection;
        this.answers = answers;
    }

    /**
     * Starts one, whose meters are not shown yet. It answers from now on, with 503 where its state
     * is not restored.
     *
     * @param config of the generation
     * @param partitions how many the log has
     * @param advertised {@code HOST:PORT} of this instance as others are told it
     */
    static LiveProjection start(
            ProjectorConfig config, InstantSource clock, int partitions, String advertised) {
        var shown = new ShownMeters();
        var metrics = new ProjectorMetrics(shown.registry(), clock);
        var projection = Projection.of(config, metrics, clock, advertised, Optional.empty());
        try {
            projection.start();
            var answers = projection.answers(partitions, advertised);
            return new LiveProjection(config, metrics, shown, projection, answers);
        } catch (RuntimeException e) {
            projection.close();
            throw e;
        }
    }

    /** Its results' generation. */
    int generation() {
        return config.topics().generation();
    }

    /** Its application and consumer group. */
    String applicationId() {
        return config.applicationId();
    }

    /** Shows its meters there, from zero. */
    void show(MeterRegistry meters) {
        shown.in(meters);
    }

    /** Takes its meters away. */
    void hide() {
        metrics.close();
    }

    /** What it is doing. */
    KafkaStreams.State state() {
        return projection.state();
    }

    /** Waits until its state is restored; returns whether it is. */
    boolean awaitRunning(Duration max) throws InterruptedException {
        return projection.awaitRunning(max);
    }

    /** What Kafka did not allow, if that is why it stopped. */
    Optional<String> notAllowed() {
        return projection.notAllowed();
    }

    /** Answers queries. */
    QueryHandler handler() {
        return answers.handler();
    }

    /**
     * Waits until it answers nobody any more.
     *
     * @param max longest wait; who is answered then gets what there is
     */
    void drain(Duration max) throws InterruptedException {
        long deadline = System.nanoTime() + max.toNanos();
        while (!handler().idle() && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
    }

    /** Wakes every query that waits, because nothing will come any more. */
    void wakeAll() {
        projection.wakeAll();
    }

    /** Stops, leaves its group, and deletes what it keeps on this machine. */
    void discard() {
        wakeAll();
        try (answers) {
            projection.discard();
        }
    }

    /** Stops; a restart finds its partitions and its state where they were. */
    @Override
    public void close() {
        wakeAll();
        try (projection) {
            answers.close();
        }
    }
}
