package io.tidemark.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.StreamId;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run has found beside what every run looks for. Immutable, but for the document.
 *
 * @param lines of the report, by their labels
 * @param problems what makes it a failure
 * @param suspects streams that something is wrong with
 * @param json the same for a program
 */
record Findings(
        Map<String, String> lines, List<String> problems, Set<StreamId> suspects, ObjectNode json) {
    Findings {
        lines = new LinkedHashMap<>(lines);
        problems = List.copyOf(problems);
        suspects = Set.copyOf(suspects);
    }

    /** Nothing was looked for. */
    static Findings none() {
        return new Findings(Map.of(), List.of(), Set.of(), JsonNodeFactory.instance.objectNode());
    }
}
