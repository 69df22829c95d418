package io.tidemark.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What {@code tidemark verify --closed} says about an installation in which nothing is in flight.
 * Immutable, but for the document.
 *
 * @param exitCode 0, if everything was checked and nothing is wrong
 * @param report the command's own JSON; missing if it printed none
 */
record Verification(int exitCode, JsonNode report) {
    private static final String PROJECTOR_MAX = "2m";

    /** Runs it to its end. */
    static Verification run(Installation installation) throws IOException, InterruptedException {
        var process =
                installation
                        .tidemark("verify", "--closed", "--json", "--wait", PROJECTOR_MAX)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var report = output.isBlank() ? MissingNode.getInstance() : parsed(output);
        return new Verification(process.waitFor(), report);
    }

    private static JsonNode parsed(String output) throws IOException {
        return new ObjectMapper().readTree(output);
    }

    /** Ended streams that the projector has not read to their end. */
    long pending() {
        return report.at("/counts/pending").asLong(-1);
    }

    long violations() {
        return report.path("violationsTotal").asLong(-1);
    }

    /** In one line. */
    String shown() {
        return "exit code %d, violations %d%s, streams %d, events %d, fences %d, fenced %d, pending %d"
                .formatted(
                        exitCode,
                        violations(),
                        violations() > 0 ? " " + report.path("violationsByCode") : "",
                        report.at("/counts/streams").asLong(-1),
                        report.at("/counts/events").asLong(-1),
                        report.at("/counts/fences").asLong(-1),
                        report.at("/counts/fenced").asLong(-1),
                        pending());
    }
}
