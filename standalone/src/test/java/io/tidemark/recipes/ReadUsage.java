package io.tidemark.recipes;

import io.tidemark.schemas.Decoded;
import io.tidemark.schemas.UsageRow;
import io.tidemark.schemas.UsageRowDeserializer;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Reads the ledger to its end, and prints how many tokens each model has used. */
public final class ReadUsage {
    private ReadUsage() {}

    public static void main(String[] arguments) {
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers", arguments[0],
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false");
        var tokens = new TreeMap<String, Long>();
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new UsageRowDeserializer())) {
            var partitions =
                    consumer.partitionsFor("tidemark.usage").stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    switch (record.value()) {
                        case null -> {}
                        case Decoded.Value(var row) -> add(row, tokens);
                        case Decoded.Malformed(var field, var problem, _) ->
                                System.err.println(record.key() + ": " + field + " " + problem);
                    }
                }
            }
        }
        tokens.forEach((model, total) -> System.out.println(model + " " + total));
    }

    private static void add(UsageRow row, Map<String, Long> tokens) {
        var usage = row.usage();
        if (usage != null && usage.input() != null && usage.output() != null) {
            tokens.merge(row.model(), usage.input() + usage.output(), Long::sum);
        }
    }
}
