package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Response;
import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/** A stream of 7 tokens whose client has seen the events 0 to 5, and 3 of them at edge 1. */
class ResponseJudgeTest {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 0);
    private static final StreamShape SHAPE =
            new StreamShape(Duration.ZERO, 7, Duration.ZERO, null, false, false);

    private final KnownStream stream = new KnownStream(ID, SHAPE, 2);

    ResponseJudgeTest() {
        stream.saw(1, 3, false, 0);
        stream.saw(0, 5, false, 0);
    }

    @Test
    void aPrefixThatIsAsFarAsTheEdgeHasShownIsRight() {
        assertThat(partial(1, false, 3)).isEqualTo(ResponseJudge.PARTIAL);
        assertThat(partial(0, false, 5)).isEqualTo(ResponseJudge.PARTIAL);
    }

    @Test
    void onlyWhoIsToldWhatWasSeenElsewhereHasToKnowIt() {
        assertThat(partial(1, true, 3)).isInstanceOf(Verdict.Wrong.class);
        assertThat(partial(1, true, 5)).isEqualTo(ResponseJudge.PARTIAL);
        assertThat(partial(0, false, 4)).isInstanceOf(Verdict.Wrong.class);
    }

    @Test
    void textThatTheProviderDidNotSayIsWrong() {
        assertThat(judged(Status.IN_PROGRESS, "The tide comes in thrice", 6))
                .isInstanceOf(Verdict.Wrong.class);
    }

    @Test
    void aCompleteResponseHasAllOfTheText() {
        assertThat(judged(Status.COMPLETED, SHAPE.text(), 9)).isEqualTo(ResponseJudge.FINAL);
        assertThat(judged(Status.COMPLETED, "The tide", 9)).isInstanceOf(Verdict.Wrong.class);
        assertThat(judged(Status.CANCELLED, "The tide", 9)).isEqualTo(ResponseJudge.FINAL);
        assertThat(stream.finals()).hasSize(2);
    }

    @Test
    void aStreamWhoseEndWasSeenIsNotInProgress() {
        stream.saw(0, 9, true, 0);

        assertThat(partial(0, false, 9)).isInstanceOf(Verdict.Wrong.class);
    }

    @Test
    void aStreamOfWhichSomethingWasSeenIsThereAndHasEvents() {
        assertThat(judged(new HttpAnswer(202, false, "{}"))).isInstanceOf(Verdict.Wrong.class);
        assertThat(judged(new HttpAnswer(404, false, "{\"code\":\"unknown_stream\"}")))
                .isEqualTo(new Verdict.Wrong("HTTP 404 unknown_stream"));
    }

    @Test
    void a503SaysWhyAndThatOneMayComeBack() {
        assertThat(judged(new HttpAnswer(503, true, "{\"reason\":\"moving\"}")))
                .isEqualTo(new Verdict.Unavailable("moving"));
        assertThat(judged(new HttpAnswer(503, false, "{\"reason\":\"moving\"}")))
                .isInstanceOf(Verdict.Wrong.class);
        assertThat(judged(new HttpAnswer(503, true, ""))).isInstanceOf(Verdict.Wrong.class);
    }

    private Verdict partial(int edge, boolean told, long lastSequence) {
        var body =
                body(LedgerTexts.response(ID, Status.IN_PROGRESS, "The tide", lastSequence, null));
        return ResponseJudge.of(stream, stream.horizon(edge, told), body);
    }

    private Verdict judged(Status status, String text, long lastSequence) {
        return judged(body(LedgerTexts.response(ID, status, text, lastSequence, "resp_1")));
    }

    private Verdict judged(HttpAnswer answer) {
        return ResponseJudge.of(stream, stream.horizon(0, true), answer);
    }

    private static HttpAnswer body(Response response) {
        return new HttpAnswer(
                200, false, new String(ResponseCodec.encode(response), StandardCharsets.UTF_8));
    }
}
