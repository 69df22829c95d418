package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.auditor.ReplayDifference;
import io.tidemark.auditor.ReplaySummary;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.auditor.ReplayedStream;
import io.tidemark.schemas.JsonDifference.Extent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** What a replay finds as lines, for a person or for a program. Never holds content. */
enum ReplayReport {
    /** One line for a stream, and one more for each difference. */
    TEXT {
        @Override
        List<String> lines(ReplayedStream stream) {
            var lines = new ArrayList<String>();
            lines.add(stream.requestId() + " " + stream.verdict().wire());
            stream.differences().forEach(difference -> lines.add("  " + line(difference)));
            return lines;
        }

        @Override
        List<String> lines(ReplaySummary summary) {
            var lines = new ArrayList<String>();
            if (summary.untold() > 0) {
                lines.add("and " + summary.untold() + " more, see --streams-told-max");
            }
            var counts = new ArrayList<String>();
            for (var verdict : ReplayVerdict.values()) {
                counts.add(verdict.wire() + " " + summary.count(verdict));
            }
            lines.add("replayed " + summary.total() + ": " + String.join(", ", counts));
            return lines;
        }
    },

    /** One JSON object a line: each stream, then the summary. */
    JSON {
        @Override
        List<String> lines(ReplayedStream stream) {
            var json = MAPPER.createObjectNode();
            json.put("requestId", stream.requestId().toString());
            json.put("verdict", stream.verdict().wire());
            var differences = json.putArray("differences");
            stream.differences()
                    .forEach(difference -> describe(difference, differences.addObject()));
            return List.of(json.toString());
        }

        @Override
        List<String> lines(ReplaySummary summary) {
            var json = MAPPER.createObjectNode();
            var body = json.putObject("summary");
            body.put("streams", summary.total());
            var counts = body.putObject("verdicts");
            for (var verdict : ReplayVerdict.values()) {
                counts.put(verdict.wire(), summary.count(verdict));
            }
            body.put("untold", summary.untold());
            return List.of(json.toString());
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A stream that is told of. */
    abstract List<String> lines(ReplayedStream stream);

    /** What came of all of them. */
    abstract List<String> lines(ReplaySummary summary);

    private static String line(ReplayDifference difference) {
        return "%s%s %s: folded %s, published %s"
                .formatted(
                        difference.topic(),
                        difference.pointer().isEmpty() ? "" : " " + difference.pointer(),
                        difference.kind().wire(),
                        shown(difference.folded()),
                        shown(difference.published()));
    }

    private static String shown(@Nullable Extent extent) {
        return extent == null
                ? "nothing"
                : "%d bytes, sha256 %s".formatted(extent.bytes(), extent.sha256());
    }

    private static void describe(ReplayDifference difference, ObjectNode json) {
        json.put("topic", difference.topic());
        json.put("kind", difference.kind().wire());
        json.put("pointer", difference.pointer());
        put(json, "folded", difference.folded());
        put(json, "published", difference.published());
    }

    private static void put(ObjectNode json, String name, @Nullable Extent extent) {
        if (extent != null) {
            json.putObject(name).put("bytes", extent.bytes()).put("sha256", extent.sha256());
        }
    }
}
