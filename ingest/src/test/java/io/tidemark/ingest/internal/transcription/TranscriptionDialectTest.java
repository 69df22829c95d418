package io.tidemark.ingest.internal.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.Response.Part;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** The odd shapes of transcriptions, by name. */
class TranscriptionDialectTest {
    private static final String SEGMENT =
            "{'type':'transcript.text.segment','id':'%s','text':'%s','speaker':'A','start':0.5,'end':1.0004}";
    private static final String DONE = "{'type':'transcript.text.done','text':'%s'}";

    private final Pump pump = new Pump(new TranscriptionApi());

    private Pump say(String... frames) {
        Stream.of(frames).forEach(frame -> pump.frame(frame.replace('\'', '"')));
        return pump;
    }

    private List<Draft> whole(String answer) {
        var json = ProviderJson.object(answer.replace('\'', '"')).orElseThrow();
        return pump.normaliser().whole(json);
    }

    private List<Part> parts() {
        StreamRules.check(pump.events());
        return pump.response().items().getFirst().content();
    }

    private <T extends EventBody> List<T> said(Class<T> type) {
        return pump.drafts().stream()
                .map(Draft::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private Failed failed() {
        StreamRules.check(pump.events());
        return (Failed) pump.drafts().getLast().body();
    }

    @Test
    void theTextIsNotRepeatedWhereTheSegmentsHoldIt() {
        say(
                SEGMENT.formatted("s1", " One two."),
                SEGMENT.formatted("s2", "Three."),
                DONE.formatted("One two. Three."));

        assertThat(parts())
                .extracting(Part::text, Part::segmentId, Part::speaker)
                .containsExactly(tuple(" One two.", "s1", "A"), tuple("Three.", "s2", "A"));
    }

    @Test
    void aSegmentOfWhichNothingIsSaidButItsTextIsNotIntroduced() {
        say(
                "{'type':'transcript.text.delta','delta':'One','segment_id':'s1'}",
                "{'type':'transcript.text.segment','id':'s1','text':'One two.'}");

        assertThat(said(TranscriptDelta.class))
                .extracting(TranscriptDelta::text)
                .containsExactly("One", " two.");
    }

    @Test
    void theTextIsSentWhereTheSegmentsDoNotHoldIt() {
        say(SEGMENT.formatted("s1", " One two."), DONE.formatted("One two. Three."));

        assertThat(parts())
                .extracting(Part::text, Part::segmentId)
                .containsExactly(tuple(" One two.", "s1"), tuple("One two. Three.", null));
    }

    @Test
    void whatTheDeltasMissedIsSent() {
        say("{'type':'transcript.text.delta','delta':'One'}", DONE.formatted("One two."));

        assertThat(parts()).extracting(Part::text).containsExactly("One two.");
        assertThat(said(Warning.class)).isEmpty();
    }

    @Test
    void whatContradictsTheDeltasIsWarnedOf() {
        say("{'type':'transcript.text.delta','delta':'One'}", DONE.formatted("Two."));

        assertThat(parts()).extracting(Part::text).containsExactly("One");
        assertThat(said(Warning.class))
                .extracting(Warning::code)
                .containsExactly("content_mismatch");
    }

    @Test
    void theSpeakerOfStreamedWordsIsSaidWhenItIsKnown() {
        say(
                "{'type':'transcript.text.delta','delta':'One','segment_id':'s1'}",
                SEGMENT.formatted("s1", "One two."),
                SEGMENT.formatted("s1", "One two."),
                DONE.formatted("One two."));

        assertThat(parts())
                .extracting(Part::text, Part::segmentId, Part::speaker)
                .containsExactly(tuple("One two.", "s1", "A"));
    }

    @Test
    void segmentsBeyondTheLimitArePassedOnAndTheTextIsSent() {
        for (int i = 0; i <= Transcript.SEGMENTS_MAX; i++) {
            say(SEGMENT.formatted("s" + i, "x"));
        }
        say(DONE.formatted("all"));

        assertThat(parts()).hasSize(Transcript.SEGMENTS_MAX + 1);
        assertThat(parts().getLast().text()).isEqualTo("all");
        assertThat(said(ProviderEvent.class)).hasSize(1);
    }

    @Test
    void silenceIsATranscript() {
        say(DONE.formatted(""));

        assertThat(parts()).isEmpty();
        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void theEndMarkerWithoutTheWholeEndsWhatWasHeard() {
        say("{'type':'transcript.text.delta','delta':'One'}", "[DONE]");

        assertThat(parts()).extracting(Part::text).containsExactly("One");
        assertThat(((Completed) pump.drafts().getLast().body()).finishReason()).isEqualTo("other");
    }

    @Test
    void theEndMarkerAfterNothingIsNoEnd() {
        say("[DONE]");

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @Test
    void theEndOfTheBytesBeforeTheWholeIsALostConnection() {
        say("{'type':'transcript.text.delta','delta':'One'}").end();

        assertThat(failed().code()).isEqualTo("connection_lost");
        assertThat(failed().partial()).isTrue();
    }

    @Test
    void anErrorFails() {
        say(
                "{'type':'transcript.text.delta','delta':'One'}",
                "{'type':'error','error':{'type':'server_error','code':'rate_limit_exceeded','message':'Slow.'}}");

        assertThat(failed())
                .extracting(Failed::code, Failed::message, Failed::partial)
                .containsExactly("rate_limited", "Slow.", true);
    }

    @Test
    void anErrorWithoutAnObjectOfItsOwnFails() {
        say("{'type':'error','code':'insufficient_quota','message':'Pay.'}");

        assertThat(failed().code()).isEqualTo("quota_exhausted");
    }

    @Test
    void aWholeAnswerIsReadAsOne() {
        var drafts = whole("{'text':'One.','usage':{'type':'duration','seconds':2.5}}");

        assertThat(drafts.getLast().body())
                .isInstanceOfSatisfying(
                        Completed.class,
                        end ->
                                assertThat(end.usage())
                                        .extracting("audioSeconds", "input")
                                        .containsExactly(2.5, null));
    }

    @Test
    void aWholeAnswerMayHaveSegmentsAndWords() {
        var drafts =
                whole(
                        "{'task':'transcribe','language':'english','duration':2.1,'text':'One two.','segments':[{'id':0,'start':0,'end':1,'text':' One'},{'id':1,'start':1,'end':2.1,'text':' two.'}],'words':[{'word':'One','start':0,'end':1}]}");

        assertThat(drafts)
                .extracting(draft -> draft.body().getClass().getSimpleName())
                .containsExactly(
                        "Status",
                        "ItemStarted",
                        "TranscriptDelta",
                        "ContentCompleted",
                        "TranscriptDelta",
                        "ContentCompleted",
                        "ProviderEvent",
                        "ItemCompleted",
                        "Completed");
    }

    @Test
    void whatIsNoTranscriptIsNone() {
        assertThat(whole("{'object':'response'}")).isEmpty();
        assertThat(pump.normaliser().ended()).isFalse();
    }
}
