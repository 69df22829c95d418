package io.tidemark.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run has found beside what every run looks for. Immutable, but for the document.
 *
 * @param lines of the report, by their labels
 * @param problems what makes it a failure
 * @param json the same for a program
 */
record Findings(Map<String, String> lines, List<String> problems, ObjectNode json) {
    Findings {
        lines = new LinkedHashMap<>(lines);
        problems = List.copyOf(problems);
    }

    /** Nothing was looked for. */
    static Findings none() {
        return new Findings(Map.of(), List.of(), JsonNodeFactory.instance.objectNode());
    }
}
