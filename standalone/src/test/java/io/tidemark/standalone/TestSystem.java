package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything in the test's own process, with a simulator that the test can look into. */
final class TestSystem implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ShutdownStack stack = new ShutdownStack();
    private final ProviderSimulator simulator;
    private final StandaloneNode node;

    /**
     * A system that serves.
     *
     * @param more settings beside the usual, {@code key=value}
     */
    TestSystem(Path data, String... more) {
        simulator =
                stack.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        var settings = new ArrayList<>(List.of(more));
        settings.add("data-dir=" + data);
        settings.add("providers.openai.base-url=" + simulator.baseUrl());
        node = StandaloneNode.start(SettingsLoader.load(null, Map.of(), settings), stack);
    }

    ProviderSimulator simulator() {
        return simulator;
    }

    URI edge() {
        return node.addEdge(0);
    }

    TidemarkClient client() {
        return stack.push("client", new TidemarkClient(edge()));
    }

    /** A native request for one of the simulator's models, at the given pace. */
    static ObjectNode request(String model, Map<String, String> directives) {
        var request = JSON.createObjectNode().put("model", model).put("input", "Say something.");
        var metadata = request.putObject("metadata");
        directives.forEach(metadata::put);
        return request;
    }

    @Override
    public void close() {
        stack.close();
    }
}
