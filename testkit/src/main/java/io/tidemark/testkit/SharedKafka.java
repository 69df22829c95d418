package io.tidemark.testkit;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;

import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import org.testcontainers.kafka.KafkaContainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one Kafka of this JVM, started when the first test class asks and gone with the JVM. One
 * start serves many classes, and a class whose topics share a broker with others proves what holds
 * on a cluster too.
 *
 * @param source which one it is
 * @param bootstrapServers where clients connect
 */
record SharedKafka(KafkaSource source, String bootstrapServers) {
    /** Of the version that clients have. */
    static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    private static @Nullable SharedKafka shared;

    /**
     * Starts it, if it does not run.
     *
     * @throws IllegalArgumentException if {@code tests.kafka} has a value that is none
     * @throws IllegalStateException if it asks for a container that cannot be had
     */
    static synchronized SharedKafka ofThisJvm() {
        var started = shared;
        if (started == null) {
            var choice = KafkaChoice.parse(System.getProperty(KafkaChoice.PROPERTY));
            started = start(choice.decide(new DockerEngine(), IMAGE));
            shared = started;
        }
        return started;
    }

    static SharedKafka start(KafkaSource source) {
        return new SharedKafka(
                source,
                switch (source) {
                    case KafkaSource.Given(var servers) -> servers;
                    case KafkaSource.Container(var image, _) -> container(image);
                    case KafkaSource.Embedded _ -> embedded();
                });
    }

    private static String embedded() {
        try {
            var directory = Files.createTempDirectory("tidemark-it");
            var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            return kafka.bootstrapServers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /* With the settings of the embedded one. Testcontainers removes it when this JVM ends. */
    @SuppressWarnings("resource")
    private static String container(String image) {
        var kafka =
                new KafkaContainer(image)
                        .withEnv(environment(EmbeddedKafkaConfig.brokerDefaults()))
                        .withEnv("KAFKA_HEAP_OPTS", "-Xms256m -Xmx512m");
        kafka.start();
        return kafka.getBootstrapServers();
    }

    /* As the image takes settings. */
    private static Map<String, String> environment(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                it ->
                                        "KAFKA_"
                                                + it.getKey()
                                                        .replace('.', '_')
                                                        .toUpperCase(Locale.ROOT),
                                Map.Entry::getValue));
    }
}
