package io.tidemark.export;

import io.tidemark.schemas.Scope;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The topics of one test on a broker that it shares with others. Confined to one thread. */
final class TestLog implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final String servers;
    private final Topics topics;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    TestLog(String servers, String prefix, int partitions) {
        this.servers = servers;
        var defaults = Topics.defaults();
        this.topics =
                new Topics(
                        prefix,
                        partitions,
                        defaults.replicationFactor(),
                        defaults.eventRetention(),
                        defaults.commandRetention(),
                        defaults.resultRetention());
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
        new TopicProvisioner(admin, topics, WAIT_MAX).ensure(topics.all());
        this.producer = producer(Map.of("compression.type", "lz4", "linger.ms", "5"));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", servers);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A producer in a transaction that has begun. */
    KafkaProducer<byte[], byte[]> transaction(String id) {
        var transactional = producer(Map.of("transactional.id", id));
        transactional.initTransactions();
        transactional.beginTransaction();
        return transactional;
    }

    Topics topics() {
        return topics;
    }

    /** Appends records to a topic, and waits until the log has them. */
    void append(Topic topic, List<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        var sent = records.stream().map(record -> producer.send(at(topic, record))).toList();
        for (var ack : sent) {
            ack.get();
        }
    }

    void append(Topic topic, ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException {
        append(topic, List.of(record));
    }

    /** Hands a record over without waiting. */
    void send(Topic topic, ProducerRecord<byte[], byte[]> record) {
        var _ = producer.send(at(topic, record));
    }

    void flush() {
        producer.flush();
    }

    static ProducerRecord<byte[], byte[]> at(Topic topic, ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(
                topic.name(),
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** An export of everything that readers would keep. */
    ExportConfig config(ExportTopic topic, ExportFormat format) {
        return config(topic, format, new Scope.Everything(), Keep.AS_READ, false);
    }

    ExportConfig config(
            ExportTopic topic, ExportFormat format, Scope scope, Keep keep, boolean metadata) {
        return config(
                topic,
                format,
                scope,
                keep,
                metadata,
                ExportLimits.of(ExportLimits.KEYS_MAX_DEFAULT));
    }

    ExportConfig config(
            ExportTopic topic,
            ExportFormat format,
            Scope scope,
            Keep keep,
            boolean metadata,
            ExportLimits limits) {
        return new ExportConfig(
                Map.of("bootstrap.servers", servers),
                topics,
                topic,
                format,
                scope,
                keep,
                metadata,
                limits,
                MasterKeys.NONE);
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
