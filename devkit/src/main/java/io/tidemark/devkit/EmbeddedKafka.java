package io.tidemark.devkit;

import io.tidemark.devkit.internal.DirectoryLock;
import io.tidemark.devkit.internal.KafkaNode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * A real Kafka, controller and broker in one, inside this JVM: what a laptop and a test have
 * instead of a cluster. Where leaders have to move, it has further brokers.
 *
 * <p>It listens on 127.0.0.1 only, without authentication unless {@link EmbeddedKafkaSecurity} asks
 * for one, and keeps its data in a directory. A broker started later on the same directory, on the
 * same port or another, by this process or the next, finds the topics, offsets and transactions of
 * the one before, even when that one was killed. One directory serves one at a time. After a kill
 * its further brokers are let in when the session of those before them has run out, which is 9 s.
 *
 * <pre>{@code
 * try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory))) {
 *     properties.put("bootstrap.servers", kafka.bootstrapServers());
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. The threads of a broker, about 80, are gone or daemons when {@link #close()}
 * returns.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** How long a stop may take before what is left of the broker is abandoned to its daemons. */
    static final Duration STOP_MAX = Duration.ofSeconds(30);

    /* The first has the controller, which the others need to stop in order. */
    private final List<KafkaNode> nodes;
    private final DirectoryLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(List<KafkaNode> nodes, DirectoryLock lock) {
        this.nodes = List.copyOf(nodes);
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
        var nodes = new ArrayList<KafkaNode>();
        try {
            start(config, nodes);
        } catch (RuntimeException e) {
            stop(nodes);
            lock.close();
            throw e;
        }
        var started = new EmbeddedKafka(nodes, lock);
        LOGGER.atInfo()
                .addKeyValue("address", started.bootstrapServers())
                .log("embedded kafka started");
        return started;
    }

    private static void start(EmbeddedKafkaConfig config, List<KafkaNode> nodes) {
        var directory = config.dataDirectory();
        var setup = new KafkaNode.Setup(config.security(), config.brokerProperties());
        var first = KafkaNode.start(directory, config.port(), setup);
        nodes.add(first);
        for (var id = 2; id <= config.brokers(); id++) {
            nodes.add(first.startAnother(directory, id, setup));
        }
    }

    /**
     * Where clients connect, {@code 127.0.0.1:PORT}, with commas between several: a value for
     * {@code bootstrap.servers}.
     */
    public String bootstrapServers() {
        return nodes.stream().map(KafkaNode::bootstrapServers).collect(Collectors.joining(","));
    }

    /** The id that the directory got when it was formatted, the same after every restart. */
    public String clusterId() {
        return nodes.getFirst().clusterId();
    }

    /**
     * Stops all brokers, cleanly: logs are flushed and the next start needs no recovery. Takes well
     * under a second as a rule and 30 s at most, for each. Later calls do nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stop(nodes);
        } finally {
            lock.close();
        }
        LOGGER.atInfo().addKeyValue("address", bootstrapServers()).log("embedded kafka stopped");
    }

    private static void stop(List<KafkaNode> nodes) {
        for (var node : nodes.reversed()) {
            node.stop(STOP_MAX);
        }
    }
}
