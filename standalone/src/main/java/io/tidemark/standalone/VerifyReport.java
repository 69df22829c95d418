package io.tidemark.standalone;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.auditor.AuditReport;
import io.tidemark.auditor.Count;
import io.tidemark.auditor.Violation;

import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** An audit's report as text, for a person or for a program. Immutable. */
final class VerifyReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AuditReport report;

    VerifyReport(AuditReport report) {
        this.report = report;
    }

    /** Lines for a person: what was counted, how streams ended, then each violation. */
    String lines() {
        var lines = new ArrayList<String>();
        for (var what : Count.values()) {
            lines.add("%-16s %d".formatted(what.wire(), report.count(what)));
        }
        lines.add("%-16s %s".formatted("outcomes", outcomes()));
        lines.add("%-16s %s".formatted("violations", byCode()));
        report.violations().forEach(violation -> lines.add(line(violation)));
        long left = report.violationsTotal() - report.violations().size();
        if (left > 0) {
            lines.add("and " + left + " more, see --violations-max");
        }
        for (var what : report.unchecked()) {
            lines.add("incomplete: %d %s".formatted(report.count(what), what.meaning()));
        }
        return lines.stream().map(line -> line + System.lineSeparator()).collect(joining());
    }

    private String outcomes() {
        var outcomes = report.outcomes();
        long failed = outcomes.failed().values().stream().mapToLong(Long::longValue).sum();
        return "completed %d, incomplete %d, cancelled %d, failed %d%s, unreadable %d"
                .formatted(
                        outcomes.completed(),
                        outcomes.incomplete(),
                        outcomes.cancelled(),
                        failed,
                        inBrackets(outcomes.failed()),
                        outcomes.unreadable());
    }

    private String byCode() {
        long total = report.violationsTotal();
        return total == 0 ? "none" : total + inBrackets(codes());
    }

    private Map<String, Long> codes() {
        var codes = new TreeMap<String, Long>();
        report.violationsByCode().forEach((code, count) -> codes.put(code.wire(), count));
        return codes;
    }

    private static String inBrackets(Map<String, Long> counts) {
        return counts.isEmpty()
                ? ""
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(joining(", ", " (", ")"));
    }

    private static String line(Violation violation) {
        var about = new ArrayList<String>();
        about.add(violation.code().wire());
        about.add(
                "%s-%d@%d".formatted(violation.topic(), violation.partition(), violation.offset()));
        if (violation.requestId() != null) {
            about.add(violation.requestId().toString());
        }
        if (violation.sequence() != null) {
            about.add("sequence " + violation.sequence());
        }
        return "%s: expected %s, found %s"
                .formatted(String.join(" ", about), violation.expected(), violation.found());
    }

    /** One JSON document, on several lines. */
    String json() {
        var document = JSON.createObjectNode();
        var counts = document.putObject("counts");
        for (var what : Count.values()) {
            counts.put(what.wire(), report.count(what));
        }
        var outcomes = document.putObject("outcomes");
        outcomes.put("completed", report.outcomes().completed());
        outcomes.put("incomplete", report.outcomes().incomplete());
        outcomes.put("cancelled", report.outcomes().cancelled());
        report.outcomes().failed().forEach(outcomes.putObject("failed")::put);
        outcomes.put("unreadable", report.outcomes().unreadable());
        document.put("complete", report.complete());
        document.put("violationsTotal", report.violationsTotal());
        codes().forEach(document.putObject("violationsByCode")::put);
        var violations = document.putArray("violations");
        report.violations().forEach(violation -> describe(violation, violations.addObject()));
        return document.toPrettyString() + System.lineSeparator();
    }

    private static void describe(Violation violation, ObjectNode json) {
        json.put("code", violation.code().wire());
        json.put("section", violation.code().section());
        json.put("topic", violation.topic());
        json.put("partition", violation.partition());
        json.put("offset", violation.offset());
        if (violation.requestId() != null) {
            json.put("requestId", violation.requestId().toString());
        }
        if (violation.sequence() != null) {
            json.put("sequence", violation.sequence());
        }
        json.put("expected", violation.expected());
        json.put("found", violation.found());
    }
}
