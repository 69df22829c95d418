package io.tidemark.projector.internal.rebuild;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.internal.ProjectorStores;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.TopicProvisioner;

import org.apache.kafka.clients.admin.Admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** The topics that a generation of results is made with. Stateless. */
final class GenerationTopics {
    private static final Duration MAX = Duration.ofSeconds(30);

    private GenerationTopics() {}

    /**
     * Creates or checks what the projector writes, what tells it what was erased, and where keys
     * are if it has master keys; and checks the topics of its stores, if there are any yet.
     *
     * @param config of the generation
     * @param role who does it
     * @throws io.tidemark.schemas.TopicRefusedException if a topic has settings that break a
     *     promise or no broker answers
     * @throws io.tidemark.schemas.NotAllowedException if the role is not allowed what it does
     */
    static void ensure(ProjectorConfig config, KafkaRole role) {
        var wanted = new ArrayList<>(config.topics().results());
        wanted.add(config.topics().erasures());
        if (!config.masterKeys().isEmpty()) {
            wanted.add(config.topics().keys());
        }
        try (var admin = Admin.create(Map.<String, Object>copyOf(config.kafka()))) {
            var provisioner = new TopicProvisioner(admin, config.topics(), MAX);
            provisioner.ensure(wanted, config.rights(admin, role, MAX));
            provisioner.checkExisting(ProjectorStores.changelogs(config.applicationId()));
        }
    }
}
