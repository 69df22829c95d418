package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

class ReadBackTest {
    private final StreamId id = TestStreams.mint();
    private final ReadBack stream = new ReadBack(1);
    private long offset;

    private void entry(int attempt, long sequence, EventBody body) {
        var event = TestStreams.event(id, sequence, body);
        stream.add(
                offset++,
                new EventRecord.Entry(
                        id,
                        new EventHeaders(event.type(), sequence, attempt, null),
                        EventCodec.encode(event)));
    }

    private void fence(int attempt) {
        stream.add(offset++, new EventRecord.Fence(id, attempt));
    }

    @Test
    void countsWhatThePredecessorWroteBeforeTheFenceAndNothingAfter() {
        entry(1, 0, TestStreams.started(1));
        entry(1, 1, TestStreams.item());
        assertThat(stream.nextAttempt()).isEqualTo(2);
        stream.fenced(3);
        entry(1, 2, TestStreams.text("late, but in time"));
        fence(2);
        entry(1, 3, TestStreams.text("too late"));

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().next()).isEqualTo(3);
        assertThat(stream.inherited().attempt()).isEqualTo(2);
        assertThat(stream.inherited().content().contentSeen()).isTrue();
    }

    @Test
    void startsFromNothingWhenNothingWasWritten() {
        stream.fenced(0);
        assertThat(stream.nextAttempt()).isEqualTo(2);
        fence(2);

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().next()).isZero();
        assertThat(stream.inherited().ended()).isFalse();
    }

    @Test
    void fencesHigherWhenAnotherHadTheAttemptFirst() {
        assertThat(stream.nextAttempt()).isEqualTo(2);
        stream.fenced(1);
        fence(2);
        fence(2);
        assertThat(stream.settled()).isFalse();

        assertThat(stream.nextAttempt()).isEqualTo(3);
        stream.fenced(3);
        entry(2, 0, TestStreams.started(2));
        fence(3);

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().attempt()).isEqualTo(3);
        assertThat(stream.inherited().next()).isEqualTo(1);
    }

    @Test
    void stopsCountingAtAHole() {
        entry(1, 0, TestStreams.started(1));
        entry(1, 2, TestStreams.text("after a lost record"));
        stream.nextAttempt();
        stream.fenced(2);
        fence(2);

        assertThat(stream.inherited().next()).isEqualTo(1);
        assertThat(stream.inherited().content().contentSeen()).isFalse();
    }

    @Test
    void seesAnEndThatIsThere() {
        entry(1, 0, TestStreams.started(1));
        entry(1, 1, UpstreamPump.cancelled());
        stream.nextAttempt();
        stream.fenced(2);
        fence(2);

        assertThat(stream.inherited().ended()).isTrue();
        assertThat(stream.inherited().next()).isEqualTo(2);
    }
}
