package io.tidemark.ingest;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** One broker for all tests of this JVM; each test has topics of its own. */
final class TestKafka {
    private static final EmbeddedKafka SHARED = start();

    private TestKafka() {}

    private static EmbeddedKafka start() {
        try {
            var directory = Files.createTempDirectory("tidemark-ingest-it");
            var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String bootstrapServers() {
        return SHARED.bootstrapServers();
    }
}
