package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Started;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class LogFoldTest {
    private static final StreamId ID = FoldedStream.ID;
    private static final StreamId OTHER = StreamId.parse("01M7WPCRGR002ZXQ5TK1V58CGG");

    private final LogFold fold = new LogFold(ID);

    @Test
    void whatIsMissingBetweenTwoEventsIsAWarning() {
        start();
        fold.add(1, 1, text(ID, 1, "a"));
        fold.add(4, 1, text(ID, 4, "b"));

        var response = fold.response().orElseThrow();
        assertThat(response.warnings()).containsExactly(LogFold.EVENTS_MISSING);
        assertThat(response.items().getFirst().content().getFirst().text()).isEqualTo("ab");
        assertThat(response.lastSequence()).isEqualTo(4);
    }

    @Test
    void aValueThatIsNoEventOfTheStreamIsMissingToo() {
        start();
        fold.add(1, 1, "garbage".getBytes(StandardCharsets.UTF_8));
        fold.add(2, 1, text(OTHER, 2, "of another stream"));
        fold.add(3, 1, text(ID, 7, "of another place"));
        fold.add(4, 1, text(ID, 4, "b"));

        assertThat(fold.unreadable()).isEqualTo(3);
        assertThat(fold.events()).isEqualTo(2);
        assertThat(fold.response().orElseThrow().warnings())
                .containsExactly(LogFold.EVENTS_MISSING);
    }

    @Test
    void ofNothingThatCanBeReadThereIsNothing() {
        fold.add(0, 1, new byte[0]);

        assertThat(fold.response()).isEmpty();
        assertThat(fold.usageRow()).isEmpty();
    }

    @Test
    void ofAWholeLogItIsWhatTheFoldOfItsEventsIs() {
        Seeds.forEach(
                50,
                random -> {
                    var log = new NoisyLog(random);
                    var whole = new LogFold(NoisyLog.ID);
                    var events = new ResponseFold();
                    for (var written : log.stream()) {
                        int attempt = written.attempt().number();
                        var event = written.event();
                        whole.add(event.sequence(), attempt, EventCodec.encode(event));
                        events.add(attempt, event);
                    }
                    assertThat(ResponseCodec.encode(whole.response().orElseThrow()))
                            .isEqualTo(ResponseCodec.encode(events.response().orElseThrow()));
                    assertThat(ResponseCodec.encode(whole.usageRow().orElseThrow()))
                            .isEqualTo(ResponseCodec.encode(events.usageRow().orElseThrow()));
                });
    }

    private void start() {
        var started = new Started("openai", "gpt-5", null, null, 1, null, null, null, null);
        fold.add(0, 1, EventCodec.encode(new StreamEvent(ID, 0, 1, Placement.NONE, started)));
    }

    private static byte[] text(StreamId id, long sequence, String text) {
        var place = Placement.content(0, 0, null);
        return EventCodec.encode(
                new StreamEvent(id, sequence, sequence, place, new TextDelta(text, null)));
    }
}
