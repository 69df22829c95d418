package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.ProviderEvent;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** How a stream ends, and what a normaliser says of itself. */
class ResponsesNormaliserTest {
    private static final String CREATED =
            """
            {"type":"response.created","sequence_number":0,"response":{"id":"resp_1"}}
            """;
    private static final String DELTA =
            """
            {"type":"response.output_text.delta","sequence_number":1,"output_index":0,"content_index":0,"delta":"Hi"}
            """;
    private static final String ERROR =
            """
            {"type":"error","sequence_number":2,"error":{"type":"server_error","code":"server_error","message":"Oops."}}
            """;
    private static final String FAILED =
            """
            {"type":"response.failed","sequence_number":3,"response":{"error":{"code":"server_error","message":"Oops, really."}}}
            """;

    private final Pump pump = new Pump(new ResponsesApi());

    @Test
    void endOfBytesIsNotSuccess() {
        pump.frame(CREATED);
        pump.frame(DELTA);

        assertThat(pump.end().drafts().getLast().body())
                .isEqualTo(
                        Failed.of(
                                ErrorCode.CONNECTION_LOST,
                                "The provider's stream broke off.",
                                true));
    }

    @Test
    void noBytesAtAllAreALostConnectionWithoutContent() {
        assertThat(terminal(pump.end().drafts()).partial()).isFalse();
    }

    @Test
    void whatIsOpenIsClosedBeforeTheEnd() {
        pump.frame(DELTA);

        var drafts = pump.normaliser().end(cancelled());

        assertThat(drafts).hasSize(3);
        assertThat(drafts.get(0).body())
                .isInstanceOfSatisfying(
                        ContentCompleted.class, end -> assertThat(end.truncated()).isEqualTo(true));
        assertThat(drafts.get(1).body())
                .isInstanceOfSatisfying(
                        ItemCompleted.class,
                        end -> assertThat(end.status()).isEqualTo(ItemStatus.INCOMPLETE));
        assertThat(drafts.get(2).body()).isEqualTo(cancelled());
    }

    @Test
    void nothingFollowsTheEnd() {
        pump.normaliser().end(cancelled());

        assertThat(pump.frame(DELTA)).isEmpty();
        assertThat(pump.normaliser().endOfBytes()).isEmpty();
        assertThat(pump.normaliser().end(cancelled())).isEmpty();
        assertThat(pump.normaliser().holdExpired()).isEmpty();
        assertThat(pump.normaliser().ended()).isTrue();
    }

    @Test
    void onlyATerminalEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pump.normaliser().end(Status.of(Status.QUEUED)));
    }

    @Test
    void anErrorIsHeldUntilTheResponseFails() {
        assertThat(pump.frame(ERROR)).isEmpty();
        assertThat(pump.normaliser().holding()).contains(Duration.ofSeconds(1));

        assertThat(pump.frame(FAILED))
                .singleElement()
                .extracting(Draft::body)
                .isEqualTo(
                        new Failed(
                                "provider_error",
                                "Oops, really.",
                                true,
                                null,
                                false,
                                null,
                                "server_error",
                                "server_error",
                                null));
        assertThat(pump.normaliser().holding()).isEmpty();
    }

    @Test
    void anErrorIsHeldUntilItsTimeIsOver() {
        pump.frame(ERROR);

        assertThat(terminal(pump.normaliser().holdExpired()).message()).isEqualTo("Oops.");
    }

    @Test
    void anErrorIsHeldUntilTheBytesEnd() {
        pump.frame(ERROR);

        assertThat(terminal(pump.normaliser().endOfBytes()).message()).isEqualTo("Oops.");
    }

    @Test
    void anErrorIsHeldUntilTheProviderSaysThatItIsDone() {
        pump.frame(ERROR);

        assertThat(terminal(pump.frame("[DONE]")).message()).isEqualTo("Oops.");
    }

    @Test
    void anEndThatSomebodyAskedForWinsOverAHeldError() {
        pump.frame(ERROR);

        assertThat(pump.normaliser().end(cancelled()))
                .last()
                .extracting(Draft::body)
                .isEqualTo(cancelled());
    }

    @Test
    void anErrorOnALineOfItsOwnIsAnErrorToo() {
        pump.accept(new SseSignal.Stray("error: {\"code\":\"slow_down\",\"message\":\"Later.\"}"));

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("provider_overloaded");
    }

    @Test
    void aBareErrorBodyIsAnErrorToo() {
        pump.accept(new SseSignal.Stray("{\"error\":{\"code\":\"insufficient_quota\"}}"));

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("quota_exhausted");
    }

    @Test
    void strayLinesThatSayNothingAreNothing() {
        pump.accept(new SseSignal.Stray("event stream follows"));
        pump.accept(new SseSignal.Stray("{not json"));
        pump.accept(new SseSignal.Stray("{\"ok\":true}"));

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("connection_lost");
    }

    @Test
    void anErrorWithoutATypeIsAnErrorToo() {
        pump.frame("{\"error\":{\"message\":\"No.\",\"code\":\"rate_limit_exceeded\"}}");

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("rate_limited");
    }

    @Test
    void anErrorByItsOwnTypeIsAnErrorToo() {
        pump.frame("{\"type\":\"rate_limit_error\",\"error\":{\"type\":\"rate_limit_error\"}}");

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("rate_limited");
    }

    @Test
    void anEventThatIsNamedAnErrorIsOneWhateverItsType() {
        var data = "{\"type\":\"invalid_request_error\",\"message\":\"No.\"}";

        pump.accept(new SseSignal.Frame(new SseFrame("error", data, null)));

        assertThat(terminal(pump.end().drafts()))
                .extracting(Failed::code, Failed::message, Failed::providerErrorType)
                .containsExactly("invalid_request", "No.", "invalid_request_error");
    }

    @Test
    void aKnownTypeCountsForMoreThanTheNameOfTheEvent() {
        pump.accept(new SseSignal.Frame(new SseFrame("error", DELTA, null)));

        assertThat(pump.normaliser().holding()).isEmpty();
        assertThat(pump.drafts()).last().extracting(Draft::body).isInstanceOf(TextDelta.class);
    }

    @Test
    void anErrorBesideAResponseThatCompletedIsAWarning() {
        var frame = "{\"type\":\"response.completed\",\"response\":{},\"error\":{\"code\":\"x\"}}";

        assertThat(pump.frame(frame))
                .extracting(draft -> draft.body().getClass().getSimpleName())
                .containsExactly("Warning", "Completed");
    }

    @Test
    void aFrameWithoutDataIsNothing() {
        pump.frame("");
        pump.frame(" ");
        pump.accept(new SseSignal.Frame(new SseFrame("ping", "", null)));

        assertThat(pump.drafts()).isEmpty();
    }

    @Test
    void theNameOfTheEventServesWhereTheDataHasNoType() {
        var delta = DELTA.replace("\"type\":\"response.output_text.delta\",", "");

        pump.accept(new SseSignal.Frame(new SseFrame("response.output_text.delta", delta, null)));

        assertThat(pump.drafts())
                .last()
                .extracting(Draft::body)
                .isEqualTo(new TextDelta("Hi", null));
    }

    @Test
    void unreadableJsonEndsTheStreamWithoutQuotingIt() {
        pump.frame(DELTA);

        var failed = terminal(pump.frame("{\"secret\": "));

        assertThat(failed.code()).isEqualTo("protocol_error");
        assertThat(failed.partial()).isTrue();
        assertThat(failed.message()).doesNotContain("secret");
    }

    @Test
    void whatIsNoObjectEndsTheStream() {
        assertThat(terminal(pump.frame("[1]")).code()).isEqualTo("protocol_error");
    }

    @Test
    void jsonThatIsTooDeepEndsTheStream() {
        var deep = "{\"type\":\"x\",\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";

        assertThat(terminal(pump.frame(deep)).code()).isEqualTo("protocol_error");
    }

    @Test
    void whatGoesOnAfterItsEndIsAContradiction() {
        pump.frame(DELTA);
        pump.frame("{\"type\":\"response.output_text.done\",\"output_index\":0,\"text\":\"Hi\"}");

        assertThat(pump.frame(DELTA).getFirst().body())
                .isEqualTo(
                        new Warning(
                                Warning.CONTENT_MISMATCH,
                                "The provider went on with what it had closed.",
                                null));
    }

    @Test
    void theDoneMarkerCompletesWhatHasContent() {
        pump.frame(DELTA);

        assertThat(pump.frame("[DONE]"))
                .last()
                .extracting(Draft::body)
                .isEqualTo(
                        new Completed(
                                Outcome.COMPLETE,
                                FinishReason.OTHER.wire(),
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    @Test
    void theDoneMarkerAloneIsNoResponse() {
        pump.frame(CREATED);

        assertThat(terminal(pump.frame("[DONE]")).code()).isEqualTo("protocol_error");
    }

    @Test
    void theDoneMarkerAfterFramesOfNoKnownTypeIsNoResponse() {
        pump.frame("{\"type\":\"beam\"}");

        var failed = terminal(pump.frame("[DONE]"));

        assertThat(failed.code()).isEqualTo("protocol_error");
        assertThat(failed.partial()).isFalse();
    }

    @Test
    void whatIsPassedOnVerbatimIsNoContent() {
        pump.frame("{\"type\":\"beam\"}");

        assertThat(pump.normaliser().contentSent()).isFalse();
    }

    @Test
    void aFrameIsPassedOnOnceHoweverMuchOfItIsUnknown() {
        var said =
                pump.frame(
                        """
                        {"type":"response.completed","response":{"status":"completed","output":[
                         {"type":"hologram","id":"h_1"},{"type":"hologram","id":"h_2"}]}}
                        """);

        assertThat(said).filteredOn(draft -> draft.body() instanceof ProviderEvent).hasSize(1);
    }

    @Test
    void aFrameThatTheEndCutOffCountsIfItIsWhole() {
        pump.accept(new SseSignal.Unfinished(SseFrame.of(FAILED)));

        assertThat(terminal(pump.drafts()).code()).isEqualTo("provider_error");
    }

    @Test
    void aFrameThatTheEndCutInTwoIsALostConnection() {
        pump.accept(new SseSignal.Unfinished(SseFrame.of(FAILED.substring(0, 20))));

        assertThat(terminal(pump.end().drafts()).code()).isEqualTo("connection_lost");
    }

    @Test
    void statusIsNoContent() {
        pump.frame(CREATED);
        assertThat(pump.normaliser().contentSent()).isFalse();

        pump.frame(DELTA);
        assertThat(pump.normaliser().contentSent()).isTrue();
    }

    @Test
    void framesThatGiveNothingMoveTheCursor() {
        assertThat(pump.normaliser().providerSequence()).isEmpty();

        pump.frame("{\"type\":\"keepalive\",\"sequence_number\":7}");
        pump.frame(DELTA);

        assertThat(pump.normaliser().providerSequence()).hasValue(7);
    }

    @Test
    void aLoneHalfOfACharacterIsReplacedAtTheEnd() {
        pump.frame(DELTA.replace("Hi", "a\\ud83d"));

        assertThat(pump.end().response().items().getFirst().content().getFirst().text())
                .isEqualTo("a\uFFFD");
        StreamRules.check(pump.events());
    }

    private static Failed terminal(List<Draft> drafts) {
        assertThat(drafts).filteredOn(Draft::terminal).hasSize(1);
        return (Failed) drafts.getLast().body();
    }

    private static Completed cancelled() {
        return new Completed(
                Outcome.CANCELLED, FinishReason.CANCELLED.wire(), null, null, null, null, null);
    }

    @Test
    void inputThatComesAfterTheCallIsNoneOfIt() {
        pump.frame(
                """
                {"type":"response.output_item.done","output_index":0,"item":{"type":"code_interpreter_call","id":"ci_1","status":"completed","code":"6+6"}}
                """);
        var said =
                pump.frame(
                        """
                        {"type":"response.apply_patch_call_operation_diff.delta","output_index":0,"item_id":"ci_1","delta":"-a"}
                        """);

        assertThat(said).isEmpty();
        StreamRules.check(pump.end().events());
    }

    @Test
    void inputOfTwoKindsIsOneLane() {
        pump.frame(
                """
                {"type":"response.code_interpreter_call_code.delta","output_index":0,"item_id":"ci_1","delta":"6+"}
                """);
        pump.frame(
                """
                {"type":"response.apply_patch_call_operation_diff.delta","output_index":0,"item_id":"ci_1","delta":"-a"}
                """);

        StreamRules.check(pump.end().events());
    }
}
