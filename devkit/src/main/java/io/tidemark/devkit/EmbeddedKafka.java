package io.tidemark.devkit;

import io.tidemark.devkit.internal.DirectoryLock;
import io.tidemark.devkit.internal.KafkaNode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A real Kafka, controller and broker in one, inside this JVM: what a laptop and a test have
 * instead of a cluster.
 *
 * <p>It listens on 127.0.0.1 only, without authentication, and keeps its data in a directory. A
 * broker started later on the same directory, on the same port or another, by this process or the
 * next, finds the topics, offsets and transactions of the one before, even when that one was
 * killed. One directory serves one broker at a time.
 *
 * <pre>{@code
 * try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory))) {
 *     properties.put("bootstrap.servers", kafka.bootstrapServers());
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. The broker's own threads, about 80, are gone or daemons when {@link #close()}
 * returns.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** How long a stop may take before what is left of the broker is abandoned to its daemons. */
    static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final KafkaNode node;
    private final DirectoryLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaNode node, DirectoryLock lock) {
        this.node = node;
        this.lock = lock;
    }

    /**
     * Starts a broker and returns when it takes requests. On first use of the directory it is
     * formatted, with a new cluster id.
     *
     * @param config where and how
     * @return the running broker, to be closed by the caller
     * @throws EmbeddedKafkaException if the directory is in use or cannot be written, the port is
     *     taken, a setting is not accepted, or Kafka itself fails; nothing is left running then
     */
    public static EmbeddedKafka start(EmbeddedKafkaConfig config) {
        var lock = DirectoryLock.take(config.dataDirectory());
        try {
            var node =
                    KafkaNode.start(
                            config.dataDirectory(), config.port(), config.brokerProperties());
            LOGGER.atInfo()
                    .addKeyValue("address", node.bootstrapServers())
                    .log("embedded kafka started");
            return new EmbeddedKafka(node, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where clients connect, {@code 127.0.0.1:PORT}: a value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return node.bootstrapServers();
    }

    /** The id that the directory got when it was formatted, the same after every restart. */
    public String clusterId() {
        return node.clusterId();
    }

    /**
     * Stops the broker, cleanly: logs are flushed and the next start needs no recovery. Takes well
     * under a second as a rule and 30 s at most. Later calls do nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            node.stop(STOP_MAX);
        } finally {
            lock.close();
        }
        LOGGER.atInfo()
                .addKeyValue("address", node.bootstrapServers())
                .log("embedded kafka stopped");
    }
}
