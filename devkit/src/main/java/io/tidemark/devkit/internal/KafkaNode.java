package io.tidemark.devkit.internal;

import io.tidemark.devkit.EmbeddedKafkaException;
import io.tidemark.devkit.EmbeddedKafkaException.Reason;
import io.tidemark.devkit.EmbeddedKafkaSecurity;

import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A KRaft controller and broker in this JVM, or a further broker of such a controller; and the only
 * class that touches Kafka's server classes, which are internal to Kafka and change with its
 * versions.
 *
 * <p>It puts together what {@link KafkaRaftServer} would, with two differences. All ports are bound
 * before Kafka is configured and handed in, so that no other process can take a port between the
 * probe and the bind. And a fatal fault is logged instead of halting the JVM, which is not Kafka's
 * alone. Thread-safe after {@link #start}.
 */
public final class KafkaNode {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaNode.class);
    private static final int ACCEPT_BACKLOG = 1024;
    private static final Duration INNER_STOP_MAX = Duration.ofSeconds(10);

    /** Kafka leaves this file when it stops and removes it when it starts. */
    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

    private final SharedServer shared;
    private final BrokerServer broker;
    private final @Nullable ControllerServer controller;
    private final BrokerSettings.Node node;

    /**
     * What all nodes have in common.
     *
     * @param security who may connect, and how
     * @param overrides broker settings that replace or add to the defaults
     */
    public record Setup(EmbeddedKafkaSecurity security, Map<String, String> overrides) {}

    private KafkaNode(KafkaConfig config, BrokerSettings.Node node, BoundSockets sockets) {
        var started = KafkaRaftServer.initializeLogDirs(config, LOGGER, "");
        MetaPropertiesEnsemble properties = started._1();
        BootstrapMetadata bootstrap = started._2();
        var quorum = config.quorumConfig();
        shared =
                new SharedServer(
                        config,
                        properties,
                        Time.SYSTEM,
                        Server.initializeMetrics(
                                config, Time.SYSTEM, properties.clusterId().orElseThrow()),
                        CompletableFuture.completedFuture(
                                QuorumConfig.parseVoterConnections(quorum.voters())),
                        List.of(),
                        loggingFaults(),
                        sockets);
        broker = new BrokerServer(shared);
        controller =
                node.isFirst()
                        ? new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap)
                        : null;
        this.node = node;
    }

    /**
     * Formats the directory when it is new, starts a controller and broker, and waits until it
     * takes requests.
     *
     * @throws EmbeddedKafkaException if any of it fails; nothing is left running then
     */
    public static KafkaNode start(Path dataDirectory, int port, Setup setup) {
        var logDirectory = dataDirectory.toAbsolutePath().resolve("log");
        var sockets = BoundSockets.bind(port);
        try {
            if (wasKilled(logDirectory)) {
                recover(logDirectory, setup);
            }
            return startFirst(logDirectory, sockets, setup);
        } catch (Exception e) {
            sockets.close();
            throw notStarted(dataDirectory, e);
        }
    }

    /**
     * The same of a further broker, which has this one's controller and a port that the system
     * chooses.
     *
     * @param id its number, from 2
     */
    public KafkaNode startAnother(Path dataDirectory, int id, Setup setup) {
        var logDirectory = dataDirectory.toAbsolutePath().resolve("log-" + id);
        var sockets = BoundSockets.bind(0);
        try {
            return start(
                    logDirectory,
                    new BrokerSettings.Node(id, sockets.clientPort(), node.controllerPort()),
                    clusterId(),
                    sockets,
                    setup);
        } catch (Exception e) {
            sockets.close();
            throw notStarted(dataDirectory, e);
        }
    }

    private static EmbeddedKafkaException notStarted(Path dataDirectory, Exception cause) {
        return new EmbeddedKafkaException(
                Reason.START_FAILED,
                "the embedded broker did not start on " + dataDirectory + ": " + cause,
                cause);
    }

    private static KafkaNode startFirst(Path logDirectory, BoundSockets sockets, Setup setup)
            throws Exception {
        var node =
                new BrokerSettings.Node(
                        BrokerSettings.FIRST_NODE_ID,
                        sockets.clientPort(),
                        sockets.controllerPort());
        return start(logDirectory, node, Uuid.randomUuid().toString(), sockets, setup);
    }

    private static KafkaNode start(
            Path logDirectory,
            BrokerSettings.Node node,
            String newClusterId,
            BoundSockets sockets,
            Setup setup)
            throws Exception {
        var settings = BrokerSettings.of(logDirectory, node, setup);
        var config = new KafkaConfig(settings, false);
        format(logDirectory, node.id(), newClusterId, setup.security());
        var started = new KafkaNode(config, node, sockets);
        try {
            if (started.controller != null) {
                started.controller.startup();
            }
            started.broker.startup();
            return started;
        } catch (Exception e) {
            started.stop(INNER_STOP_MAX);
            throw e;
        }
    }

    private static boolean wasKilled(Path logDirectory) {
        return Files.exists(logDirectory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))
                && !Files.exists(logDirectory.resolve(CLEAN_SHUTDOWN_FILE));
    }

    /**
     * Runs the node once, on ports nobody knows, with a session so short that the registration of
     * the killed broker has run out: with the usual 9 s the new one would be refused for as long.
     */
    private static void recover(Path logDirectory, Setup setup) throws Exception {
        LOGGER.atInfo().log("embedded kafka was not stopped, recovering");
        var settings = new HashMap<>(setup.overrides());
        settings.put("broker.session.timeout.ms", "500");
        settings.put("broker.heartbeat.interval.ms", "100");
        var sockets = BoundSockets.bind(0);
        try {
            startFirst(logDirectory, sockets, new Setup(setup.security(), settings))
                    .stop(INNER_STOP_MAX);
        } finally {
            sockets.close();
        }
    }

    public String bootstrapServers() {
        return Loopback.HOST + ":" + node.clientPort();
    }

    public String clusterId() {
        return shared.clusterId();
    }

    /** Stops broker, then controller; what has not ended after {@code max} is left behind. */
    public void stop(Duration max) {
        var stopper =
                Thread.ofPlatform()
                        .daemon()
                        .name("embedded-kafka-stop")
                        .start(() -> {
                            broker.shutdown(max);
                            if (controller != null) {
                                controller.shutdown();
                            }
                        });
        try {
            if (!stopper.join(max)) {
                LOGGER.atWarn()
                        .addKeyValue("timeoutMs", max.toMillis())
                        .log("embedded kafka did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void format(
            Path logDirectory, int nodeId, String newClusterId, EmbeddedKafkaSecurity security)
            throws Exception {
        var existing =
                new MetaPropertiesEnsemble.Loader()
                        .addLogDirs(List.of(logDirectory.toString()))
                        .addMetadataLogDir(logDirectory.toString())
                        .load();
        new Formatter()
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(nodeId)
                .setClusterId(existing.clusterId().orElse(newClusterId))
                .addDirectory(logDirectory.toString())
                .setMetadataLogDirectory(logDirectory.toString())
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setScramArguments(SecuritySettings.scramArguments(security))
                // With one replica there is nobody else to elect, and no election to call unclean;
                // with several, leaders come from those in sync.
                .setFeatureLevel("eligible.leader.replicas.version", (short) 0)
                .setIgnoreFormatted(true)
                .run();
    }

    private static FaultHandlerFactory loggingFaults() {
        return (name, fatal, action) ->
                (message, cause) -> {
                    LOGGER.atError()
                            .addKeyValue("component", name)
                            .addKeyValue("fatal", fatal)
                            .setCause(cause)
                            .log("embedded kafka fault");
                    action.run();
                    return new IllegalStateException("embedded kafka: " + message, cause);
                };
    }

    /** Two bound sockets that wait for Kafka to ask for them by listener name. */
    private static final class BoundSockets implements ServerSocketFactory {

        private final ServerSocketChannel client;
        private final ServerSocketChannel controller;

        private BoundSockets(ServerSocketChannel client, ServerSocketChannel controller) {
            this.client = client;
            this.controller = controller;
        }

        static BoundSockets bind(int clientPort) {
            var client = listen(clientPort);
            try {
                return new BoundSockets(client, listen(0));
            } catch (RuntimeException e) {
                closeQuietly(client);
                throw e;
            }
        }

        int clientPort() {
            return client.socket().getLocalPort();
        }

        int controllerPort() {
            return controller.socket().getLocalPort();
        }

        @Override
        public ServerSocketChannel openServerSocket(
                String listener, InetSocketAddress address, int backlog, int receiveBufferBytes)
                throws IOException {
            var channel = listener.equals(BrokerSettings.CLIENT_LISTENER) ? client : controller;
            channel.configureBlocking(false);
            return channel;
        }

        void close() {
            closeQuietly(client);
            closeQuietly(controller);
        }

        private static ServerSocketChannel listen(int port) {
            try {
                var channel = ServerSocketChannel.open();
                try {
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    return channel.bind(Loopback.address(port), ACCEPT_BACKLOG);
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            } catch (IOException e) {
                throw new EmbeddedKafkaException(
                        Reason.PORT_UNAVAILABLE,
                        "cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(),
                        e);
            }
        }

        private static void closeQuietly(ServerSocketChannel channel) {
            try {
                channel.close();
            } catch (IOException e) {
                LOGGER.atDebug().setCause(e).log("listening socket did not close");
            }
        }
    }
}
