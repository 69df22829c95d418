package io.tidemark.faults;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The settings of one broker. Every worker has a listener of its own on every broker, whose
 * advertised address is a proxy's: so one worker can be cut off from Kafka and no other. Immutable.
 *
 * @param number which broker, from 0
 * @param hosts the brokers' addresses
 * @param session how long a broker may be silent until it counts as gone
 * @param client port for everybody who is not a worker
 * @param internal port for the other brokers
 * @param controllers the controllers' ports, one for each broker
 * @param workers ports that it listens on for each worker
 * @param advertised ports that workers are told, one for each worker
 */
record BrokerSettings(
        int number,
        List<String> hosts,
        Duration session,
        int client,
        int internal,
        List<Integer> controllers,
        List<Integer> workers,
        List<Integer> advertised) {
    static final String CONTROLLER = "CONTROLLER";

    /** Where proxies listen. */
    private static final String PROXIES = "127.0.0.1";

    private static final int HEARTBEATS = 8;

    BrokerSettings {
        hosts = List.copyOf(hosts);
        controllers = List.copyOf(controllers);
        workers = List.copyOf(workers);
        advertised = List.copyOf(advertised);
    }

    /** As they stand in {@code server.properties}. */
    Properties properties(Path directory) {
        var properties = new Properties();
        properties.putAll(replication());
        properties.putAll(sessions());
        properties.putAll(small());
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(number));
        properties.put("log.dirs", directory.toString());
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("controller.quorum.voters", voters());
        properties.put("inter.broker.listener.name", "INTERNAL");
        var offered = listeners(host(), workers);
        properties.put(
                "listeners",
                joined(offered)
                        + ","
                        + listener(CONTROLLER, host() + ":" + controllers.get(number)));
        properties.put("advertised.listeners", joined(listeners(PROXIES, advertised)));
        properties.put(
                "listener.security.protocol.map",
                CONTROLLER
                        + ":PLAINTEXT,"
                        + offered.keySet().stream()
                                .map(name -> name + ":PLAINTEXT")
                                .collect(joining(",")));
        return properties;
    }

    private String voters() {
        return IntStream.range(0, controllers.size())
                .mapToObj(node -> node + "@" + hosts.get(node) + ":" + controllers.get(node))
                .collect(joining(","));
    }

    private String host() {
        return hosts.get(number);
    }

    private Map<String, String> listeners(String hostOfWorkers, List<Integer> ofWorkers) {
        var listeners = new TreeMap<String, String>();
        listeners.put("CLIENT", host() + ":" + client);
        listeners.put("INTERNAL", host() + ":" + internal);
        for (int worker = 0; worker < ofWorkers.size(); worker++) {
            listeners.put("WORKER" + worker, hostOfWorkers + ":" + ofWorkers.get(worker));
        }
        return listeners;
    }

    private static String joined(Map<String, String> listeners) {
        return listeners.entrySet().stream()
                .map(entry -> listener(entry.getKey(), entry.getValue()))
                .collect(joining(","));
    }

    private static String listener(String name, String address) {
        return name + "://" + address;
    }

    /* Of three, one may be away. */
    private Map<String, String> replication() {
        var replicas = Integer.toString(controllers.size());
        var inSync = controllers.size() == 1 ? "1" : "2";
        return Map.of(
                "default.replication.factor", replicas,
                "min.insync.replicas", inSync,
                "offsets.topic.num.partitions", "3",
                "offsets.topic.replication.factor", replicas,
                "transaction.state.log.num.partitions", "3",
                "transaction.state.log.replication.factor", replicas,
                "transaction.state.log.min.isr", inSync,
                "auto.create.topics.enable", "false");
    }

    private Map<String, String> sessions() {
        return Map.of(
                "broker.session.timeout.ms",
                Long.toString(session.toMillis()),
                "broker.heartbeat.interval.ms",
                Long.toString(session.toMillis() / HEARTBEATS));
    }

    private static Map<String, String> small() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "num.network.threads", "2",
                "num.io.threads", "2",
                "background.threads", "2",
                "group.coordinator.threads", "1",
                "share.coordinator.threads", "1",
                "log.cleaner.threads", "1",
                "log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    }
}
