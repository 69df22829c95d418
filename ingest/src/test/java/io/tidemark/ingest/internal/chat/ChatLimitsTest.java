package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.SentCitations;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ReportBody.ProviderEvent;

import org.junit.jupiter.api.Test;

/** What one response may hold. */
class ChatLimitsTest {
    private static final ResponseLimits LIMITS = ResponseLimits.defaults();

    private final Pump pump = new Pump(new ChatApi());

    @Test
    void tooManyChoicesEndTheStream() {
        for (int i = 0; i <= LiveChat.CHOICES_MAX; i++) {
            pump.frame("{\"choices\":[{\"index\":%d,\"delta\":{}}]}".formatted(i));
        }

        assertViolated("The provider's stream holds more than 128 choices.");
    }

    @Test
    void tooManyCallsEndTheStream() {
        for (int i = 0; i <= LIMITS.itemsMax(); i++) {
            call("{\"index\":%d,\"id\":\"%d\",\"function\":{\"name\":\"f\"}}".formatted(i, i));
        }

        assertViolated("The provider's stream holds more than 1024 output items.");
    }

    @Test
    void tooMuchInputOfAllCallsTogetherEndsTheStream() {
        var input = "x".repeat(LaneState.INPUT_CHARS_MAX);
        for (int i = 0; i <= LIMITS.callInputCharsMax() / LaneState.INPUT_CHARS_MAX; i++) {
            call(
                    "{\"index\":%d,\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}"
                            .formatted(i, input));
        }

        assertViolated(
                "The provider sent more than 16777216 characters of input for calls that it did not finish.");
    }

    @Test
    void aNameWithoutEndEndsTheStream() {
        for (int i = 0; i <= Call.NAME_CHARS_MAX / 100; i++) {
            call("{\"index\":0,\"function\":{\"name\":\"%s%d\"}}".formatted("x".repeat(100), i));
        }

        assertViolated(
                "The provider's stream holds more than 4096 characters in the name of a tool.");
    }

    @Test
    void anIdWithoutEndIsNone() {
        call(
                "{\"index\":0,\"id\":\"%s\",\"function\":{\"name\":\"f\"}}"
                        .formatted("x".repeat(Call.NAME_CHARS_MAX + 1)));

        assertThat(pump.response().items().getFirst().call())
                .satisfies(call -> assertThat(call.callId()).isNull());
    }

    @Test
    void tooMuchThatIsSealedEndsTheStream() {
        var seal = "x".repeat(LiveChat.SEALS_CHARS_MAX / 4);
        for (int i = 0; i <= 4; i++) {
            pump.frame(
                    "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_opaque\":\"%d%s\"}}]}"
                            .formatted(i, seal));
        }

        assertViolated("The provider sent more than 16777216 characters of seals.");
    }

    @Test
    void tooManyImagesEndTheStream() {
        pump.frame(
                "{\"choices\":[{\"index\":0,\"delta\":{\"images\":[{\"url\":\"https://x.org\",\"index\":%d}]}}]}"
                        .formatted(Images.IMAGES_MAX));

        assertViolated("The provider's stream holds more than 1024 images in one choice.");
    }

    @Test
    void tooManySourcesEndTheStream() {
        for (int i = 0; i <= SentCitations.CITATIONS_MAX; i++) {
            pump.frame("{\"choices\":[],\"citations\":[\"https://example.org/%d\"]}".formatted(i));
        }

        assertViolated("The provider's stream holds more than 10000 citations in one item.");
    }

    @Test
    void longAudioIsCutIntoSeveralEvents() {
        var base64 = "A".repeat(AudioWriter.BASE64_CHARS_MAX + 8);

        var drafts =
                pump.frame(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"audio\":{\"data\":\"%s\"}}}]}"
                                .formatted(base64));

        assertThat(drafts)
                .extracting(draft -> draft.body())
                .filteredOn(AudioDelta.class::isInstance)
                .extracting(body -> ((AudioDelta) body).base64().length())
                .containsExactly(AudioWriter.BASE64_CHARS_MAX, 8);
    }

    @Test
    void audioThatIsNoneEndsTheStream() {
        pump.frame("{\"choices\":[{\"index\":0,\"delta\":{\"audio\":{\"data\":\"!!!!\"}}}]}");

        assertViolated("The provider sent audio that is not base64.");
    }

    @Test
    void aFrameTooLargeToPassOnLeavesItsSize() {
        pump.frame(
                "{\"choices\":[{\"index\":0,\"delta\":{\"hologram\":\"%s\"}}]}"
                        .formatted("x".repeat(Unmapped.DATA_CHARS_MAX)));

        assertThat(pump.drafts().getLast().body())
                .isInstanceOfSatisfying(
                        ProviderEvent.class,
                        event -> assertThat(String.valueOf(event.data())).contains("omitted"));
    }

    private void call(String element) {
        pump.frame("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + element + "]}}]}");
    }

    private void assertViolated(String message) {
        StreamRules.check(pump.events());
        assertThat(pump.drafts().getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> {
                            assertThat(failed.code()).isEqualTo("protocol_error");
                            assertThat(failed.message()).isEqualTo(message);
                        });
    }
}
