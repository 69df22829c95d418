package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code docs/asyncapi.yaml} speaks of the topics that there are, as they are. */
class AsyncApiTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("project.root", "..")).resolve("docs/asyncapi.yaml");
    private static final Set<String> PARTIES =
            Set.of("edge", "ingest", "projector", "auditor", "consumers");
    private static final Topics TOPICS = Topics.defaults();

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        document = new YAMLMapper().readTree(Files.readAllBytes(DOCUMENT));
    }

    @Test
    void itIsAnAsyncApiDocument() throws IOException {
        try (var in = getClass().getResourceAsStream("/asyncapi/3.0.0.json")) {
            var rules =
                    JsonSchemaFactory.getInstance(VersionFlag.V7)
                            .getSchema(new ObjectMapper().readTree(requireNonNull(in)));

            assertThat(rules.validate(document)).isEmpty();
        }
    }

    @Test
    void everyTopicIsInItAndNoneMore() {
        var described = channels().keySet();
        var names = TOPICS.all().stream().map(Topic::name).toList();

        assertThat(names)
                .allSatisfy(name ->
                        assertThat(described)
                                .as(
                                        "docs/asyncapi.yaml: add a channel with the address %s, its settings, its messages"
                                                + " (key, headers, and a value by $ref to a schema of its own), and an operation"
                                                + " for each party that writes or reads it",
                                        name)
                                .contains(name));
        assertThat(described)
                .as("docs/asyncapi.yaml: channels that Topics.all() has no topic for")
                .isSubsetOf(names);
    }

    @Test
    void topicsHaveTheSettingsThatItSays() {
        for (var topic : TOPICS.all()) {
            var kafka = channel(topic).at("/bindings/kafka");

            assertThat(kafka.path("topic").asText()).isEqualTo(topic.name());
            assertThat(kafka.path("partitions").asInt()).isEqualTo(TOPICS.partitions());
            assertThat(settings(kafka.path("topicConfiguration")))
                    .as("bindings.kafka.topicConfiguration of " + topic.name())
                    .isEqualTo(new TreeMap<>(topic.settings()));
        }
    }

    @Test
    void everyTopicIsWrittenAndReadBySomebodyItNames() {
        for (var topic : TOPICS.all()) {
            for (var action : List.of("send", "receive")) {
                assertThat(parties(topic, action))
                        .as("who does %s on %s, by the tags of operations", action, topic.name())
                        .isNotEmpty()
                        .isSubsetOf(PARTIES);
            }
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        for (var reference : references(document, new ArrayList<>())) {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                var file = requireNonNull(DOCUMENT.getParent()).resolve(reference);
                assertThat(file).isRegularFile();
            }
        }
    }

    @Test
    void everyShippedSchemaIsReferredTo() throws IOException {
        var files = new TreeSet<String>();
        for (var reference : references(document, new ArrayList<>())) {
            if (!reference.startsWith("#")) {
                files.add(String.valueOf(Path.of(reference).getFileName()));
            }
        }
        var resources =
                Path.of(System.getProperty("project.root", ".."))
                        .resolve("schemas/src/main/resources/io/tidemark/schemas");
        try (var shipped = Files.list(resources)) {
            assertThat(files)
                    .as("schemas that docs/asyncapi.yaml refers to, and those in the resources")
                    .containsExactlyInAnyOrderElementsOf(
                            shipped.map(it -> String.valueOf(it.getFileName())).toList());
        }
        assertThat(ShippedSchema.values())
                .as(
                        "the constants of ShippedSchema, each with tests of what is written, and schemas")
                .extracting(ShippedSchema::file)
                .hasSameElementsAs(files);
    }

    @Test
    void keysAreThoseOfTheRecords() {
        var id = document.at("/components/schemas/requestId/pattern").asText();
        var digest = "a".repeat(43);

        assertThat(NoisyLog.ID.toString()).matches(id);
        assertThat(id)
                .isEqualTo(ShippedSchema.RESPONSE.json().at("/$defs/requestId/pattern").asText());
        assertThat(new StartKey(digest).digest())
                .matches(
                        document.at("/components/messages/startWord/bindings/kafka/key/pattern")
                                .asText());
    }

    private static Map<String, JsonNode> channels() {
        return document.path("channels")
                .valueStream()
                .collect(toMap(channel -> channel.path("address").asText(), channel -> channel));
    }

    private static JsonNode channel(Topic topic) {
        return requireNonNull(
                channels().get(topic.name()), "no channel with the address " + topic.name());
    }

    private static Map<String, String> settings(JsonNode configuration) {
        var settings = new TreeMap<String, String>();
        configuration
                .properties()
                .forEach(setting -> {
                    var value = setting.getValue();
                    settings.put(
                            setting.getKey(),
                            value.isArray()
                                    ? String.join(
                                            ",", value.valueStream().map(JsonNode::asText).toList())
                                    : value.asText());
                });
        return settings;
    }

    private static Set<String> parties(Topic topic, String action) {
        var parties = new TreeSet<String>();
        for (var operation : document.path("operations")) {
            var channel = document.at(operation.at("/channel/$ref").asText().substring(1));
            if (operation.path("action").asText().equals(action)
                    && channel.path("address").asText().equals(topic.name())) {
                operation.path("tags").forEach(tag -> parties.add(tag.path("name").asText()));
            }
        }
        return parties;
    }

    private static List<String> references(JsonNode node, List<String> found) {
        if (node instanceof ObjectNode object && object.path("$ref").isTextual()) {
            found.add(object.path("$ref").asText());
        }
        node.forEach(child -> references(child, found));
        return found;
    }
}
