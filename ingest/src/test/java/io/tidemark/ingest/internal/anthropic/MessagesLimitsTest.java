package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.SentCitations;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.ingest.internal.output.UsageFields;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one message may hold. */
class MessagesLimitsTest {
    private static final String THINKING =
            "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"%s\"}}";
    private static final String TOOL =
            "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_%1$d\",\"name\":\"f\",\"input\":{}}}";
    private static final String INPUT =
            "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"%s\"}}";
    private static final String USAGE =
            "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":1,\"field_%d\":\"%s\"}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    private static final int MEBI = 1024 * 1024;

    private final Pump pump = new Pump(new MessagesApi());

    @AfterEach
    void whateverCameTheRulesHold() {
        StreamRules.check(pump.end().events());
    }

    @Test
    void tooManyBlocksEndTheStream() {
        for (int i = 0; i <= ResponseLimits.defaults().itemsMax(); i++) {
            pump.frame(TOOL.formatted(i));
        }

        assertViolation(pump);
    }

    @Test
    void tooMuchInputOfOpenCallsEndsTheStream() {
        var narrow =
                new Pump(
                        new MessagesApi(),
                        ProviderJson.newObject(),
                        new ResponseLimits(10, 10, 2048));
        for (int i = 0; i < 3; i++) {
            narrow.frame(TOOL.formatted(i));
            narrow.frame(INPUT.formatted(i, "x".repeat(1000)));
        }

        assertViolation(narrow);
        StreamRules.check(narrow.events());
    }

    @Test
    void tooMuchInputOfOneCallEndsTheStream() {
        pump.frame(TOOL.formatted(0));
        for (int i = 0; i <= LaneState.INPUT_CHARS_MAX / MEBI; i++) {
            pump.frame(INPUT.formatted(0, "x".repeat(MEBI)));
        }

        assertViolation(pump);
    }

    @Test
    void tooManySignaturesOfOpenBlocksEndTheStream() {
        var signature = "x".repeat(MEBI);
        for (int i = 0; i <= Blocks.KEPT_CHARS_MAX / MEBI; i++) {
            pump.frame(THINKING.formatted(i, signature));
        }

        assertViolation(pump);
    }

    @Test
    void signaturesOfBlocksThatEndedTakeNoRoom() {
        var signature = "x".repeat(MEBI);
        for (int i = 0; i <= 2 * Blocks.KEPT_CHARS_MAX / MEBI; i++) {
            pump.frame(THINKING.formatted(i, signature));
            pump.frame("{\"type\":\"content_block_stop\",\"index\":%d}".formatted(i));
        }
        pump.frame(STOP);

        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void aSignatureThatReplacesAnotherTakesItsRoom() {
        pump.frame(THINKING.formatted(0, ""));
        for (int i = 0; i <= 2 * Blocks.KEPT_CHARS_MAX / MEBI; i++) {
            pump.frame(
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"%s\"}}"
                            .formatted("x".repeat(MEBI)));
        }
        pump.frame(STOP);

        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void tooManySourcesEndTheStream() {
        pump.frame(THINKING.formatted(0, ""));
        for (int i = 0; i <= SentCitations.CITATIONS_MAX; i++) {
            pump.frame(
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"%d\"}}}"
                            .formatted(i));
        }

        assertViolation(pump);
    }

    @Test
    void fieldsOfUsageBeyondTheLimitAreLeftOut() {
        for (int i = 0; i < 2 * UsageFields.FIELDS_MAX; i++) {
            pump.frame(USAGE.formatted(i, "x"));
        }
        pump.frame(USAGE.formatted(0, "x".repeat(MessagesUsage.FIELD_CHARS_MAX)));
        pump.frame(THINKING.formatted(0, ""));
        pump.frame(STOP);

        var end = (Completed) pump.drafts().getLast().body();
        var usage = requireNonNull(end.usage(), "usage");
        var raw = requireNonNull(usage.raw(), "raw");
        assertThat(usage.output()).isEqualTo(1);
        assertThat(raw).hasSize(UsageFields.FIELDS_MAX);
        assertThat(raw.path("field_0").asText()).isEqualTo("x");
    }

    @Test
    void aLongPieceIsCutIntoSeveral() {
        pump.frame(
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"%s\"}}"
                        .formatted("x".repeat(OutputWriter.DELTA_CHARS_MAX + 1)));

        assertThat(pump.drafts().stream().filter(draft -> draft.body() instanceof TextDelta))
                .hasSize(2);
    }

    private static void assertViolation(Pump pump) {
        assertThat(pump.drafts().getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("protocol_error"));
    }
}
