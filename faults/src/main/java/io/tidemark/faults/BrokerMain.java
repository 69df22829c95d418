package io.tidemark.faults;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * One node of a cluster, controller and broker in one, in a process of its own: the file named by
 * the first argument is its {@code server.properties}. It formats its directory on first use, says
 * {@code tidemark ready} when it takes requests, and stops in good order on SIGTERM.
 *
 * <p>Other than the embedded broker of the devkit it is one of several, its ports are fixed, and a
 * fatal fault halts it as it halts any broker.
 */
final class BrokerMain {
    /** The same for all nodes of all clusters: a directory belongs to one run. */
    private static final String CLUSTER_ID = "dGlkZW1hcmstZmF1bHRzLg";

    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(file);
        }
        format(properties.getProperty("log.dirs"), properties.getProperty("node.id"));
        var server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("broker-shutdown")
                                .unstarted(() -> {
                                    server.shutdown();
                                    Runtime.getRuntime().halt(0);
                                }));
        server.startup();
        System.out.println(RoleProcess.READY + "broker " + properties.getProperty("node.id"));
        server.awaitShutdown();
    }

    private static void format(String directory, String nodeId) throws Exception {
        new Formatter()
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(nodeId))
                .setClusterId(CLUSTER_ID)
                .addDirectory(directory)
                .setMetadataLogDirectory(directory)
                .setControllerListenerName(BrokerSettings.CONTROLLER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
    }
}
