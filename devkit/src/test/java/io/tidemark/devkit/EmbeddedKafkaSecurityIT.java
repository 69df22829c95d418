package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.devkit.EmbeddedKafkaSecurity.Scram;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker that asks who one is. Certificates are tried where there is a tool to make them. */
class EmbeddedKafkaSecurityIT {
    private static final Scram USERS =
            new Scram("admin", Map.of("admin", "of-admin", "reader", "of-reader"));

    @TempDir private Path directory;

    @Test
    void usersAreWhoTheySayAndMayDoWhatTheyAreAllowedAlsoAfterARestart() throws Exception {
        var config = EmbeddedKafkaConfig.in(directory).withSecurity(USERS);
        try (var kafka = EmbeddedKafka.start(config);
                var admin = admin(kafka, USERS, "admin")) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            assertNotAllowed(kafka);
        }
        try (var kafka = EmbeddedKafka.start(config);
                var admin = admin(kafka, USERS, "admin")) {
            assertThat(admin.listTopics().names().get()).contains("t");
            assertNotAllowed(kafka);
        }
    }

    private static void assertNotAllowed(EmbeddedKafka kafka) {
        try (var reader = admin(kafka, USERS, "reader")) {
            assertThatThrownBy(() -> reader.describeTopics(List.of("t")).allTopicNames().get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        var others = new Scram("admin", Map.of("admin", "of-nobody"));
        try (var nobody = admin(kafka, others, "admin")) {
            assertThatThrownBy(() -> nobody.listTopics().names().get())
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static Admin admin(EmbeddedKafka kafka, Scram users, String user) {
        var settings = new HashMap<String, Object>(users.clientProperties(user));
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        return Admin.create(settings);
    }

    @Test
    void passwordsAreNotShown() {
        assertThat(EmbeddedKafkaConfig.in(directory).withSecurity(USERS).toString())
                .contains("reader")
                .doesNotContain("of-");
    }

    @Test
    void anAdministratorWithoutAPasswordIsNone() {
        assertThatThrownBy(() -> new Scram("admin", Map.of("reader", "of-reader")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("passwords must have one of user admin");
    }
}
