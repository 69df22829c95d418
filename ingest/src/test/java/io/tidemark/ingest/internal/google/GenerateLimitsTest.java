package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.SentCitations;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.ingest.internal.output.UsageFields;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What one answer may hold, and how what is long is cut. */
class GenerateLimitsTest {
    private static final ResponseLimits LIMITS = ResponseLimits.defaults();
    private static final String PART =
            "{\"candidates\":[{\"index\":%d,\"content\":{\"parts\":[%s]}}]}";
    private static final String BEGIN = "{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}";
    private static final String SIGNED_CALL =
            "{\"functionCall\":{\"name\":\"f%d\",\"willContinue\":%b},\"thoughtSignature\":\"%s\"}";
    private static final int MEBI = 1024 * 1024;
    private static final String CLOSE = "{\"functionCall\":{}}";
    private static final String STOP = "{\"candidates\":[{\"finishReason\":\"STOP\"}]}";

    private final Pump pump = new Pump(new GenerateApi());

    private void part(String part) {
        pump.frame(PART.formatted(0, part));
    }

    private void value(String path, String text) {
        part(
                "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"%s\",\"stringValue\":\"%s\"}],\"willContinue\":true}}"
                        .formatted(path, text));
    }

    private <T extends EventBody> List<T> said(Class<T> type) {
        return pump.drafts().stream()
                .map(Draft::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private Failed failed() {
        assertThat(pump.drafts()).filteredOn(Draft::terminal).hasSize(1);
        return (Failed) pump.drafts().getLast().body();
    }

    @Test
    void tooManyItemsEndTheStream() {
        for (int i = 0; i <= LIMITS.itemsMax(); i++) {
            part("{\"functionCall\":{\"name\":\"f\"}}");
        }

        assertThat(failed().message())
                .isEqualTo("The provider's stream holds more than 1024 output items.");
    }

    @Test
    void tooManyCandidatesEndTheStream() {
        for (int i = 0; i <= LiveGeneration.CANDIDATES_MAX; i++) {
            pump.frame(PART.formatted(7 * i, "{}"));
        }

        assertThat(failed().message())
                .isEqualTo("The provider's stream holds more than 128 candidates.");
    }

    @Test
    void tooManySourcesEndTheStream() {
        var sources = ProviderJson.newObject();
        var list = sources.putArray("citationSources");
        for (int i = 0; i <= SentCitations.CITATIONS_MAX; i++) {
            list.addObject().put("uri", "u" + i);
        }
        var chunk = ProviderJson.newObject();
        chunk.putArray("candidates").addObject().set("citationMetadata", sources);

        pump.frame(chunk.toString());

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @Test
    void argumentsThatAreTooLongEndTheStream() {
        part(BEGIN);
        var megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < LaneState.INPUT_CHARS_MAX >> 20; i++) {
            value("$.a", megabyte);
        }

        assertThat(failed().message())
                .isEqualTo(
                        "The provider sent a call with more than 4194304 characters of arguments.");
        assertThat(said(ToolCall.class)).isEmpty();
    }

    @Test
    void aPathCountsForWhatItTakesToHoldIt() {
        part(BEGIN);
        for (int i = 0; !pump.normaliser().ended(); i++) {
            value("$.a" + i, "");
            assertThat(i).isLessThanOrEqualTo(LaneState.INPUT_CHARS_MAX / Arguments.PATH_CHARS);
        }

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @Test
    void callsThatAreSentGiveBackWhatTheyHeld() {
        var megabytes = "x".repeat(3 << 20);
        int calls = LIMITS.callInputCharsMax() / megabytes.length() + 2;
        for (int i = 0; i < calls; i++) {
            part(BEGIN);
            value("$.a", megabytes);
            part(CLOSE);
        }
        pump.frame(STOP);
        pump.end();

        assertThat(said(ToolCall.class)).hasSize(calls);
        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void callsThatAreOpenHoldAllTogetherOnlySoMuch() {
        var megabytes = "x".repeat(3 << 20);
        int calls = LIMITS.callInputCharsMax() / megabytes.length() + 1;
        for (int i = 0; i < calls; i++) {
            part(BEGIN);
            value("$.a", megabytes);
        }

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @Test
    void aLongValueIsCutBetweenCharacters() {
        part(BEGIN);
        var smile = "\uD83D\uDE00";
        value("$.a", "x" + smile.repeat(OutputWriter.DELTA_CHARS_MAX));
        part(CLOSE);
        pump.frame(STOP);
        pump.end();

        StreamRules.check(pump.events());
        assertThat(said(ToolDelta.class)).hasSize(3);
        assertThat(said(ToolDelta.class))
                .allSatisfy(delta ->
                        assertThat(delta.text())
                                .hasSizeLessThanOrEqualTo(OutputWriter.DELTA_CHARS_MAX));
        assertThat(said(ToolCall.class).getFirst().input())
                .hasSize(8 + 1 + 2 * OutputWriter.DELTA_CHARS_MAX);
    }

    @Test
    void tooManySignaturesOfWhatIsOpenEndTheStream() {
        var signature = "x".repeat(MEBI);
        for (int i = 0; i <= LiveGeneration.SIGNATURES_CHARS_MAX / MEBI; i++) {
            part(SIGNED_CALL.formatted(i, true, signature));
        }

        assertThat(failed().message())
                .isEqualTo("The provider sent more than 4194304 characters of signatures.");
    }

    @Test
    void signaturesOfWhatEndedTakeNoRoom() {
        var signature = "x".repeat(MEBI);
        for (int i = 0; i <= 2 * LiveGeneration.SIGNATURES_CHARS_MAX / MEBI; i++) {
            part(SIGNED_CALL.formatted(i, false, signature));
            part("{\"text\":\"Hi\",\"thoughtSignature\":\"" + signature + "\"}");
        }
        pump.frame(STOP);
        pump.end();

        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void soundIsCutBetweenBytes() {
        var base64 = "A".repeat(AudioWriter.BASE64_CHARS_MAX + 8);

        part("{\"inlineData\":{\"mimeType\":\"audio/mpeg\",\"data\":\"" + base64 + "\"}}");

        assertThat(said(AudioDelta.class))
                .extracting(delta -> delta.base64().length())
                .containsExactly(AudioWriter.BASE64_CHARS_MAX, 8);
    }

    @Test
    void ofUsageOnlySoMuchIsKept() {
        var usage = ProviderJson.newObject().put("promptTokenCount", 3);
        usage.put("long", "x".repeat(UsageMetadata.FIELD_CHARS_MAX));
        usage.put("x".repeat(UsageMetadata.FIELD_CHARS_MAX), 1);
        for (int i = 0; i < 2 * UsageFields.FIELDS_MAX; i++) {
            usage.put("field" + i, i);
        }
        var chunk = ProviderJson.newObject();
        chunk.set("usageMetadata", usage);
        pump.frame(chunk.toString());
        part("{\"text\":\"Hi\"}");
        pump.frame(STOP);
        pump.end();

        var end = (Completed) pump.drafts().getLast().body();
        var raw = requireNonNull(requireNonNull(end.usage()).raw());
        assertThat(raw.size()).isEqualTo(UsageFields.FIELDS_MAX);
        assertThat(raw.fieldNames())
                .toIterable()
                .doesNotContain("long")
                .allSatisfy(name -> assertThat(name).hasSizeLessThan(64));
        assertThat(raw.path("promptTokenCount").asInt()).isEqualTo(3);
    }
}
