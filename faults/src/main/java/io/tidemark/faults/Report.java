package io.tidemark.faults;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** An outcome as one block of text, and as JSON. Immutable. */
record Report(RunConfig config, Duration lasted, Outcome outcome) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For a person. */
    String lines() {
        var lines = new ArrayList<String>();
        add(lines, "plan", config.plan().label());
        add(lines, "seed", "%d, brokers %d".formatted(config.seed(), config.layout().brokers()));
        if (!config.without().isEmpty()) {
            add(lines, "left out", String.join(", ", new TreeSet<>(config.without())));
        }
        add(
                lines,
                "load",
                "%ds%s at %d streams a second"
                        .formatted(
                                config.length().toSeconds(),
                                config.plan().fixed() ? ", and until the last step was over," : "",
                                config.rate()));
        add(lines, "lasted", lasted.toSeconds() + "s");
        add(lines, "faults", outcome.done().happened().size() + counts(outcome.faultsByKind()));
        if (!outcome.done().startedAgain().isEmpty()) {
            var startedAgain = new TreeMap<>(outcome.done().startedAgain());
            add(lines, "started again", "while a broker was away " + startedAgain);
        }
        add(lines, "streams", outcome.log().streams().size() + counts(outcome.ends()));
        add(lines, "taken over", Long.toString(outcome.takenOver()));
        add(lines, "clients", clients());
        add(
                lines,
                "asked for",
                "in background %d, cancelled without readers %d, cancels %d"
                        .formatted(outcome.background(), outcome.forReaders(), outcome.cancels()));
        add(lines, "gaps", Long.toString(outcome.gaps()));
        add(lines, "duplicates", Long.toString(outcome.duplicates()));
        add(lines, "doubled ends", Long.toString(outcome.doubledTerminals()));
        outcome.waits().forEach((what, waits) -> lines.add(what + ": " + waits.shown()));
        outcome.findings().lines().forEach((label, shown) -> lines.add(label + ": " + shown));
        add(lines, "verify", outcome.verification().shown());
        var problems = outcome.problems();
        add(lines, "result", problems.isEmpty() ? "passed" : "FAILED");
        problems.forEach(problem -> lines.add("  " + problem));
        if (!problems.isEmpty()) {
            lines.add("topics and logs are kept in " + config.directory());
            lines.add("the same plan again: " + config.command());
        }
        return String.join("\n", lines);
    }

    private static void add(ArrayList<String> lines, String label, String value) {
        lines.add("%-14s%s".formatted(label, value));
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(joining(", ", " (", ")"));
    }

    private String clients() {
        return "%d, with all of their stream %d, never started %d, connections %d; streams without a client %d"
                .formatted(
                        outcome.held().size(),
                        outcome.whole(),
                        outcome.notStarted(),
                        outcome.connections(),
                        outcome.orphans());
    }

    /** For a program. */
    String json() {
        var document = JSON.createObjectNode();
        document.put("plan", config.plan().label());
        document.put("seed", config.seed());
        document.put("brokers", config.layout().brokers());
        config.without().forEach(document.putArray("without")::add);
        document.put("loadSeconds", config.length().toSeconds());
        document.put("lastedSeconds", lasted.toSeconds());
        outcome.faultsByKind().forEach(document.putObject("faults")::put);
        outcome.done().startedAgain().forEach(document.putObject("startedAgain")::put);
        document.put("streams", outcome.log().streams().size());
        outcome.ends().forEach(document.putObject("ends")::put);
        document.put("takenOver", outcome.takenOver());
        var clients = document.putObject("clients");
        clients.put("all", outcome.held().size());
        clients.put("whole", outcome.whole());
        clients.put("neverStarted", outcome.notStarted());
        clients.put("connections", outcome.connections());
        clients.put("background", outcome.background());
        clients.put("forReaders", outcome.forReaders());
        clients.put("cancels", outcome.cancels());
        document.put("streamsWithoutClient", outcome.orphans());
        document.put("gaps", outcome.gaps());
        document.put("duplicates", outcome.duplicates());
        document.put("doubledTerminals", outcome.doubledTerminals());
        var waits = document.putObject("waits");
        outcome.waits().forEach((what, times) -> times.writeTo(waits.putObject(what)));
        var verify = document.putObject("verify");
        verify.put("exitCode", outcome.verification().exitCode());
        verify.set("report", outcome.verification().report());
        document.setAll(outcome.findings().json());
        outcome.problems().forEach(document.putArray("problems")::add);
        return document.toPrettyString();
    }
}
