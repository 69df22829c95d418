package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import io.tidemark.devkit.internal.BrokerSettings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What an {@link EmbeddedKafka} needs to know before it starts. Immutable.
 *
 * @param dataDirectory where topics, metadata and the cluster id live; created when absent, and
 *     kept when the broker stops
 * @param port the port on 127.0.0.1 that clients connect to, or 0 for one the system chooses; of
 *     several brokers it is the first one's
 * @param brokers how many there are, 1 to {@value #BROKERS_MAX}; the first is the controller too
 * @param security who may connect, and how; nobody is asked by default
 * @param brokerProperties Kafka broker settings that replace or add to the defaults of a small
 *     node, for all of them; those that the embedded broker owns (listeners, node id, directories,
 *     quorum) are refused
 */
public record EmbeddedKafkaConfig(
        Path dataDirectory,
        int port,
        int brokers,
        EmbeddedKafkaSecurity security,
        Map<String, String> brokerProperties) {

    /** Most brokers that one JVM is asked to run. */
    public static final int BROKERS_MAX = 3;

    private static final int PORT_MAX = 65_535;

    /** Checks the numbers and that no property takes away what the embedded broker owns. */
    public EmbeddedKafkaConfig {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(security, "security");
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "port must be between 0 and " + PORT_MAX + ", found " + port);
        }
        if (brokers < 1 || brokers > BROKERS_MAX) {
            throw new IllegalArgumentException(
                    "brokers must be between 1 and " + BROKERS_MAX + ", found " + brokers);
        }
        brokerProperties = Map.copyOf(brokerProperties);
        for (var key : brokerProperties.keySet()) {
            if (BrokerSettings.OWNED.contains(key)) {
                throw new IllegalArgumentException(
                        "broker property " + key + " is set by the embedded broker itself");
            }
        }
    }

    /**
     * A broker in a directory, on a port the system chooses, with the default settings.
     *
     * @param dataDirectory where the data lives
     */
    public static EmbeddedKafkaConfig in(Path dataDirectory) {
        return new EmbeddedKafkaConfig(
                dataDirectory, 0, 1, new EmbeddedKafkaSecurity.None(), Map.of());
    }

    /**
     * The same on a fixed port.
     *
     * @param port 1 to 65535, or 0 for one the system chooses
     */
    public EmbeddedKafkaConfig withPort(int port) {
        return new EmbeddedKafkaConfig(dataDirectory, port, brokers, security, brokerProperties);
    }

    /**
     * The same with several brokers, so that partitions have replicas and leaders can move. Kafka's
     * own topics keep one replica.
     *
     * @param brokers 1 to {@value #BROKERS_MAX}
     */
    public EmbeddedKafkaConfig withBrokers(int brokers) {
        return new EmbeddedKafkaConfig(dataDirectory, port, brokers, security, brokerProperties);
    }

    /**
     * The same with clients that have to say who they are, and are allowed what ACLs allow.
     *
     * @param security who may connect, and how; of a directory that is used again, the same users
     */
    public EmbeddedKafkaConfig withSecurity(EmbeddedKafkaSecurity security) {
        return new EmbeddedKafkaConfig(dataDirectory, port, brokers, security, brokerProperties);
    }

    /**
     * The same with one more broker setting.
     *
     * @param key a Kafka broker setting
     * @param value its value, as it would stand in {@code server.properties}
     */
    public EmbeddedKafkaConfig withBrokerProperty(String key, String value) {
        var properties = new HashMap<>(brokerProperties);
        properties.put(key, value);
        return new EmbeddedKafkaConfig(dataDirectory, port, brokers, security, properties);
    }

    /**
     * The settings of a small node where no broker property says otherwise: for a broker elsewhere
     * that is to behave as this one does.
     */
    public static Map<String, String> brokerDefaults() {
        return BrokerSettings.defaults();
    }
}
