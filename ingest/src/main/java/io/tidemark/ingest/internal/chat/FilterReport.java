package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.Stage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What content filters found. Azure reports on the answer with every chunk: what was filtered is
 * said at once, that nothing was is said at the end. Confined to one thread.
 */
final class FilterReport {
    /* What filters say of a category that they found. */
    private static final List<String> FOUND = List.of("filtered", "detected");

    private final Outbox out;
    private final Placement place;
    private @Nullable ObjectNode latest;
    private @Nullable ObjectNode sent;

    FilterReport(Outbox out, Placement place) {
        this.out = out;
        this.place = place;
    }

    /** A report on the answer so far. */
    void output(JsonNode results) {
        if (results instanceof ObjectNode report && !report.isEmpty()) {
            latest = report;
            if (blocked(report) && !report.equals(sent)) {
                send(report);
            }
        }
    }

    /** There are no more: says the latest if none was said. */
    void close() {
        if (latest != null && sent == null) {
            send(latest);
        }
    }

    private void send(ObjectNode report) {
        sent = report;
        out.add(place, report(Stage.OUTPUT, report, report));
    }

    /** Reports on the prompts, as far as there are any. */
    static void input(Outbox out, JsonNode results) {
        if (results.isArray() && !results.isEmpty()) {
            var raw = ProviderJson.newObject();
            raw.set("prompt_filter_results", results);
            var all = ProviderJson.newObject();
            for (var prompt : results) {
                if (prompt.path("content_filter_results") instanceof ObjectNode report) {
                    report.properties()
                            .forEach(found -> merge(all, found.getKey(), found.getValue()));
                }
            }
            out.add(report(Stage.INPUT, all, raw));
        }
    }

    /* Of several prompts, one in which something was found counts. */
    private static void merge(ObjectNode all, String category, JsonNode finding) {
        if (!all.has(category) || found(finding)) {
            all.set(category, finding);
        }
    }

    /** Moderation, which finds but does not block. */
    static void moderation(Outbox out, ObjectNode chunk) {
        for (var stage : Stage.values()) {
            var report = chunk.path("moderation").path(stage.wire());
            if (report instanceof ObjectNode raw && !raw.isEmpty()) {
                var found = ProviderJson.newObject().arrayNode();
                for (var result : raw.path("results")) {
                    result.path("categories").properties().stream()
                            .filter(category -> category.getValue().asBoolean())
                            .forEach(category -> found.add(category.getKey()));
                }
                out.add(new SafetyUpdated(stage, null, orNone(found), raw));
            }
        }
    }

    private static SafetyUpdated report(Stage stage, ObjectNode findings, ObjectNode raw) {
        var found = raw.arrayNode();
        findings.properties().stream()
                .filter(finding -> found(finding.getValue()))
                .forEach(finding -> found.add(finding.getKey()));
        return new SafetyUpdated(stage, blocked(findings), orNone(found), raw);
    }

    private static boolean found(JsonNode finding) {
        return FOUND.stream().anyMatch(word -> finding.path(word).asBoolean());
    }

    private static boolean blocked(ObjectNode findings) {
        return findings.properties().stream()
                .anyMatch(finding -> finding.getValue().path("filtered").asBoolean());
    }

    private static @Nullable ArrayNode orNone(ArrayNode found) {
        return found.isEmpty() ? null : found;
    }
}
