package io.tidemark.ingest.internal.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidemark.devkit.Recording;
import io.tidemark.devkit.RecordingExpectation;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ResponseCodec;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every recorded Responses stream gives what its oracle says. */
class ResponsesRecordingsTest {
    /** Recordings whose oracle is wrong or asks what no event can hold, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    @Test
    void everyRecordingFoldsToWhatItsOracleSays() {
        var recordings = Recording.ofApi("responses");
        if (recordings.isEmpty()) {
            System.out.println(
                    "recordings: ABSENT at " + Recording.defaultRoot() + ", nothing compared");
        }
        assumeFalse(recordings.isEmpty(), "no recordings at " + Recording.defaultRoot());
        var differing = new LinkedHashMap<String, List<String>>();
        for (var recording : recordings) {
            var differences = differences(recording);
            if (!differences.isEmpty()) {
                differing.put(recording.name(), differences);
            }
        }
        long listed = differing.keySet().stream().filter(EXCEPTIONS::containsKey).count();
        System.out.printf(
                "recordings: %d run, %d equal, %d listed exceptions%n",
                recordings.size(), recordings.size() - differing.size(), listed);
        assertThat(differing.keySet()).as("%s", differing).isEqualTo(EXCEPTIONS.keySet());
    }

    private static List<String> differences(Recording recording) {
        var bytes = recording.bytes();
        var response = new Pump().bytes(bytes, 0, bytes.length).end().response();
        var json = new String(ResponseCodec.encode(response), StandardCharsets.UTF_8);
        return RecordingExpectation.differences(
                recording.expectation(), ProviderJson.object(json).orElseThrow());
    }
}
