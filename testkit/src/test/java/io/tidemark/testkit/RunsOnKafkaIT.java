package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whichever Kafka it is: it takes records, and nothing of a class is left when it has ended. */
@RunsOnKafka
class RunsOnKafkaIT {

    @Test
    void takesARecordOfTheClassThatRuns(TestKafka kafka) throws Exception {
        assertThat(TestKafka.current()).isSameAs(kafka);

        write(kafka, kafka.prefix("taken"));
    }

    @Test
    void whatAClassMadeIsGoneWhenItHasEnded(TestKafka kafka) throws Exception {
        var other = new TestKafka(kafka.bootstrapServers());
        write(other, other.prefix("gone"));
        write(kafka, kafka.prefix("kept"));

        other.end();

        try (var admin = Admin.create(Map.copyOf(kafka.settings()))) {
            assertThat(admin.listTopics().names().get())
                    .contains(kafka.prefix("kept"))
                    .doesNotContain(other.prefix("gone"));
            assertThat(admin.listGroups().all().get().stream().map(GroupListing::groupId))
                    .contains(kafka.prefix("kept"))
                    .doesNotContain(other.prefix("gone"));
        }
    }

    /* A topic, a record in it, and a group of the same name that has read it. */
    private static void write(TestKafka kafka, String name) throws Exception {
        var settings = new HashMap<String, Object>(kafka.settings());
        settings.put("group.id", name);
        try (var admin = Admin.create(settings);
                var producer =
                        new KafkaProducer<>(
                                settings, new StringSerializer(), new StringSerializer());
                var consumer =
                        new KafkaConsumer<>(
                                settings, new StringDeserializer(), new StringDeserializer())) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            assertThat(producer.send(new ProducerRecord<>(name, 0, "key", "value")).get().offset())
                    .isZero();
            consumer.commitSync(Map.of(new TopicPartition(name, 0), new OffsetAndMetadata(1)));
        }
    }
}
