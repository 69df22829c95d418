package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.JsonArrayParser;
import io.tidemark.ingest.internal.output.DialectContract;
import io.tidemark.ingest.internal.output.Pump;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Google's API keeps what every dialect keeps, in both forms that it answers in. */
class GenerateContractTest extends DialectContract {
    GenerateContractTest() {
        super(new GenerateApi(), "gemini");
    }

    @Override
    protected String richStream() {
        return RichStream.text();
    }

    @Override
    protected Map<String, String> exceptions() {
        return Map.of(
                "google-vertex-generatecontent-jsonarray/arize-ai-openinference--test-gemini-token-counts-streaming.json",
                "the oracle takes the finish reason 1, which is STOP, for an unknown one");
    }

    @Override
    protected boolean saysItsEnd(String prefix) {
        return prefix.contains("finishReason");
    }

    @Test
    void anArrayGivesWhatTheEventsGive() {
        var events = RichStream.text().getBytes(StandardCharsets.UTF_8);
        var array = RichStream.array().getBytes(StandardCharsets.UTF_8);

        assertThat(
                        new Pump(new GenerateApi(), new JsonArrayParser(1 << 20))
                                .bytes(array, 0, array.length)
                                .end()
                                .drafts())
                .isEqualTo(
                        new Pump(new GenerateApi()).bytes(events, 0, events.length).end().drafts());
    }
}
