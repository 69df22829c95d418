package io.tidemark.devkit.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The settings of a small node, as Kafka takes them. Immutable. */
public final class BrokerSettings {

    /** The node that is the controller as well. */
    static final int FIRST_NODE_ID = 1;

    static final String CLIENT_LISTENER = "CLIENT";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** Settings that follow from ports, directory and role, and that no caller may replace. */
    public static final Set<String> OWNED =
            Set.of(
                    "advertised.listeners",
                    "broker.id",
                    "controller.listener.names",
                    "controller.quorum.bootstrap.servers",
                    "controller.quorum.voters",
                    "inter.broker.listener.name",
                    "listener.security.protocol.map",
                    "listeners",
                    "log.dir",
                    "log.dirs",
                    "metadata.log.dir",
                    "node.id",
                    "process.roles");

    /** Which node it is; the first listens on the controller's port, the others know it. */
    record Node(int id, int clientPort, int controllerPort) {
        boolean isFirst() {
            return id == FIRST_NODE_ID;
        }
    }

    private BrokerSettings() {}

    static Map<String, String> of(Path logDirectory, Node node, KafkaNode.Setup setup) {
        var settings = new HashMap<>(defaults());
        settings.putAll(SecuritySettings.of(setup.security()));
        settings.putAll(setup.overrides());
        settings.putAll(owned(logDirectory, node));
        settings.put(
                "listener.security.protocol.map",
                "CLIENT:%s,CONTROLLER:PLAINTEXT"
                        .formatted(SecuritySettings.protocol(setup.security())));
        return Map.copyOf(settings);
    }

    /** What a small node has where nothing else is said. */
    public static Map<String, String> defaults() {
        var settings = new HashMap<>(singleNode());
        settings.putAll(quickGroups());
        settings.putAll(smallFootprint());
        return Map.copyOf(settings);
    }

    /* A static quorum (voters in the settings, not on disk) lets the controller's port change. */
    private static Map<String, String> owned(Path logDirectory, Node node) {
        var client = CLIENT_LISTENER + "://127.0.0.1:" + node.clientPort();
        var controller = CONTROLLER_LISTENER + "://127.0.0.1:" + node.controllerPort();
        return Map.of(
                "process.roles",
                node.isFirst() ? "broker,controller" : "broker",
                "node.id",
                String.valueOf(node.id()),
                "log.dirs",
                logDirectory.toString(),
                "listeners",
                node.isFirst() ? client + "," + controller : client,
                "advertised.listeners",
                client,
                "inter.broker.listener.name",
                CLIENT_LISTENER,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "controller.quorum.voters",
                FIRST_NODE_ID + "@127.0.0.1:" + node.controllerPort());
    }

    private static Map<String, String> singleNode() {
        return Map.of(
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "auto.create.topics.enable", "false");
    }

    /* So that a member that was killed is missed after a second, where its client asks for that. */
    private static Map<String, String> quickGroups() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "group.min.session.timeout.ms", "500",
                "group.consumer.min.session.timeout.ms", "500",
                "group.consumer.min.heartbeat.interval.ms", "100");
    }

    private static Map<String, String> smallFootprint() {
        return Map.of(
                "num.network.threads", "2",
                "num.io.threads", "2",
                "background.threads", "2",
                "group.coordinator.threads", "1",
                "share.coordinator.threads", "1",
                "log.cleaner.threads", "1",
                "log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20),
                "metric.reporters", "");
    }
}
