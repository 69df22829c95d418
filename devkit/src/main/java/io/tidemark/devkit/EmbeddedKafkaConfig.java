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
 * @param port the port on 127.0.0.1 that clients connect to, or 0 for one the system chooses
 * @param brokerProperties Kafka broker settings that replace or add to the defaults of a small
 *     single node; those that the embedded broker owns (listeners, node id, directories, quorum)
 *     are refused
 */
public record EmbeddedKafkaConfig(
        Path dataDirectory, int port, Map<String, String> brokerProperties) {

    private static final int PORT_MAX = 65_535;

    /** Checks the port and that no property takes away what the embedded broker owns. */
    public EmbeddedKafkaConfig {
        requireNonNull(dataDirectory, "dataDirectory");
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "port must be between 0 and " + PORT_MAX + ", found " + port);
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
        return new EmbeddedKafkaConfig(dataDirectory, 0, Map.of());
    }

    /**
     * The same on a fixed port.
     *
     * @param port 1 to 65535, or 0 for one the system chooses
     */
    public EmbeddedKafkaConfig withPort(int port) {
        return new EmbeddedKafkaConfig(dataDirectory, port, brokerProperties);
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
        return new EmbeddedKafkaConfig(dataDirectory, port, properties);
    }
}
