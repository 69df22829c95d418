package io.tidemark.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code deploy/kubernetes} has, and Kubernetes' own schemas to hold it to: the classes that
 * its Java client generates from them refuse fields that they do not know and miss those that must
 * be there. That the rest has the right type is seen when what was read is written again and is the
 * same.
 */
final class Manifests {
    static final Path DIRECTORY = OperationsDocument.ROOT.resolve("deploy/kubernetes");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Map<String, Schema> SCHEMAS =
            Map.of(
                    "v1 ConfigMap",
                    new Schema(
                            V1ConfigMap::validateJsonElement,
                            it -> V1ConfigMap.fromJson(it).toJson()),
                    "v1 Secret",
                    new Schema(V1Secret::validateJsonElement, it -> V1Secret.fromJson(it).toJson()),
                    "v1 Service",
                    new Schema(
                            V1Service::validateJsonElement, it -> V1Service.fromJson(it).toJson()),
                    "batch/v1 Job",
                    new Schema(V1Job::validateJsonElement, it -> V1Job.fromJson(it).toJson()),
                    "apps/v1 StatefulSet",
                    new Schema(
                            V1StatefulSet::validateJsonElement,
                            it -> V1StatefulSet.fromJson(it).toJson()),
                    "apps/v1 Deployment",
                    new Schema(
                            V1Deployment::validateJsonElement,
                            it -> V1Deployment.fromJson(it).toJson()),
                    "policy/v1 PodDisruptionBudget",
                    new Schema(
                            V1PodDisruptionBudget::validateJsonElement,
                            it -> V1PodDisruptionBudget.fromJson(it).toJson()),
                    "networking.k8s.io/v1 NetworkPolicy",
                    new Schema(
                            V1NetworkPolicy::validateJsonElement,
                            it -> V1NetworkPolicy.fromJson(it).toJson()),
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    new Schema(
                            V2HorizontalPodAutoscaler::validateJsonElement,
                            it -> V2HorizontalPodAutoscaler.fromJson(it).toJson()));

    private record Schema(Check check, Codec codec) {}

    @FunctionalInterface
    private interface Check {
        void of(JsonElement element) throws IOException;
    }

    /** Reads an object and writes it again. */
    @FunctionalInterface
    private interface Codec {
        String through(String json) throws IOException;
    }

    private Manifests() {}

    /** Every object, in the order in which they are applied. */
    static List<JsonNode> all() throws IOException {
        var objects = new ArrayList<JsonNode>();
        try (var files = Files.list(DIRECTORY)) {
            for (var file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
                objects.addAll(read(file));
            }
        }
        return objects;
    }

    static List<JsonNode> read(Path file) throws IOException {
        try (var parser = YAML.createParser(file.toFile())) {
            return YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser).readAll();
        }
    }

    /** Those of all with a pod in them. */
    static List<JsonNode> workloads() throws IOException {
        return all().stream().filter(it -> it.at("/spec/template/spec").isObject()).toList();
    }

    /** The workload whose container runs a role. */
    static JsonNode workload(String role) throws IOException {
        return workloads().stream()
                .filter(it -> role(it).equals(role))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing runs " + role));
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static JsonNode container(JsonNode workload) {
        return pod(workload).at("/containers/0");
    }

    static String role(JsonNode workload) {
        return container(workload).at("/args/0").asText();
    }

    /** What is wrong with an object by Kubernetes' schemas, if something is. */
    static Optional<String> problem(JsonNode object) throws IOException {
        var kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
        var schema = SCHEMAS.get(kind);
        if (schema == null) {
            return Optional.of("no schema for " + kind);
        }
        try {
            schema.check().of(JsonParser.parseString(object.toString()));
            var again = JSON.readTree(schema.codec().through(object.toString()));
            return withoutEmpty(again).equals(withoutEmpty(object))
                    ? Optional.empty()
                    : Optional.of("of another type than it is written as: " + again);
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /* Lists and maps that nobody gave are written as empty ones. */
    private static JsonNode withoutEmpty(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var kept = JSON.createObjectNode();
            for (var field : object.properties()) {
                var value = withoutEmpty(field.getValue());
                if (!value.isContainerNode() || !value.isEmpty()) {
                    kept.set(field.getKey(), value);
                }
            }
            return kept;
        }
        if (node instanceof ArrayNode array) {
            var kept = JSON.createArrayNode();
            array.forEach(element -> kept.add(withoutEmpty(element)));
            return kept;
        }
        return node;
    }
}
