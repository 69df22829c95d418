package io.tidemark.devkit.internal;

import io.tidemark.devkit.EmbeddedKafkaException;
import io.tidemark.devkit.EmbeddedKafkaException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A KRaft controller and broker in this JVM, and the only class that touches Kafka's server classes,
 * which are internal to Kafka and change with its versions.
 *
 * <p>It puts together what {@link KafkaRaftServer} would, with two differences. Both ports are bound
 * before Kafka is configured and handed in, so that no other process can take a port between the
 * probe and the bind. And a fatal fault is logged instead of halting the JVM, which is not Kafka's
 * alone. Thread-safe after {@link #start}.
 */
public final class KafkaNode {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaNode.class);
    private static final int ACCEPT_BACKLOG = 1024;

    private final SharedServer shared;
    private final BrokerServer broker;
    private final ControllerServer controller;
    private final String bootstrapServers;

    private KafkaNode(KafkaConfig config, BoundSockets sockets) {
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
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
        bootstrapServers = Loopback.HOST + ":" + sockets.clientPort();
    }

    /**
     * Formats the directory when it is new, starts the node and waits until it takes requests.
     *
     * @throws EmbeddedKafkaException if any of it fails; nothing is left running then
     */
    public static KafkaNode start(Path dataDirectory, int port, Map<String, String> overrides) {
        var sockets = BoundSockets.bind(port);
        KafkaNode node = null;
        try {
            var logDirectory = dataDirectory.toAbsolutePath().resolve("log");
            var settings =
                    BrokerSettings.of(
                            logDirectory, sockets.clientPort(), sockets.controllerPort(), overrides);
            var config = new KafkaConfig(settings, false);
            format(logDirectory);
            node = new KafkaNode(config, sockets);
            node.controller.startup();
            node.broker.startup();
            return node;
        } catch (Exception e) {
            if (node != null) {
                node.stop(Duration.ofSeconds(10));
            }
            sockets.close();
            throw new EmbeddedKafkaException(
                    Reason.START_FAILED,
                    "the embedded broker did not start on " + dataDirectory + ": " + e,
                    e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
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
                        .start(
                                () -> {
                                    broker.shutdown(max);
                                    controller.shutdown();
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

    private static void format(Path logDirectory) throws Exception {
        var existing =
                new MetaPropertiesEnsemble.Loader()
                        .addLogDirs(List.of(logDirectory.toString()))
                        .addMetadataLogDir(logDirectory.toString())
                        .load();
        new Formatter()
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(existing.clusterId().orElseGet(() -> Uuid.randomUuid().toString()))
                .addDirectory(logDirectory.toString())
                .setMetadataLogDirectory(logDirectory.toString())
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
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
