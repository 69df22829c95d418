package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.junit.jupiter.api.Test;

class ReadBackTest {
    private static final long EPOCH = 7;
    private static final Attempt FIRST = Attempt.first(0);

    private final StreamId id = TestStreams.mint();
    private final ReadBack stream =
            new ReadBack(new Orphan(id, 0, Attempt.first(0)), EPOCH, Opener.withoutKeys());
    private long offset;

    private void entry(Attempt attempt, long sequence, EventBody body) {
        var event = TestStreams.event(id, sequence, body);
        stream.add(
                offset++,
                new EventRecord.Entry(
                        id,
                        new EventHeaders(event.type(), sequence, attempt, null),
                        EventCodec.encode(event)));
    }

    private void fence(Attempt attempt) {
        stream.add(offset++, new EventRecord.Fence(id, attempt));
    }

    @Test
    void countsWhatThePredecessorWroteBeforeTheFenceAndNothingAfter() {
        entry(FIRST, 0, TestStreams.started(1));
        entry(FIRST, 1, TestStreams.item());
        assertThat(stream.nextAttempt()).isEqualTo(ours(2));
        stream.fenced(3);
        entry(FIRST, 2, TestStreams.text("late, but in time"));
        fence(ours(2));
        entry(FIRST, 3, TestStreams.text("too late"));

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().next()).isEqualTo(3);
        assertThat(stream.inherited().attempt()).isEqualTo(ours(2));
        assertThat(stream.inherited().content().contentSeen()).isTrue();
    }

    @Test
    void startsFromNothingWhenNothingWasWritten() {
        stream.fenced(0);
        assertThat(stream.nextAttempt()).isEqualTo(ours(2));
        fence(ours(2));

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().next()).isZero();
        assertThat(stream.inherited().ended()).isFalse();
    }

    @Test
    void fencesHigherWhenAnotherHadTheAttemptFirst() {
        assertThat(stream.nextAttempt()).isEqualTo(ours(2));
        stream.fenced(1);
        fence(ours(2));
        fence(ours(2));
        assertThat(stream.settled()).isFalse();

        assertThat(stream.nextAttempt()).isEqualTo(ours(3));
        stream.fenced(3);
        entry(ours(2), 0, TestStreams.started(2));
        fence(ours(3));

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().attempt()).isEqualTo(ours(3));
        assertThat(stream.inherited().next()).isEqualTo(1);
    }

    @Test
    void stopsCountingAtAHole() {
        entry(FIRST, 0, TestStreams.started(1));
        entry(FIRST, 2, TestStreams.text("after a lost record"));
        stream.nextAttempt();
        stream.fenced(2);
        fence(ours(2));

        assertThat(stream.inherited().next()).isEqualTo(1);
        assertThat(stream.inherited().content().contentSeen()).isFalse();
    }

    @Test
    void seesAnEndThatIsThere() {
        entry(FIRST, 0, TestStreams.started(1));
        entry(FIRST, 1, UpstreamPump.cancelled(StopReason.CANCELLED));
        stream.nextAttempt();
        stream.fenced(2);
        fence(ours(2));

        assertThat(stream.inherited().ended()).isTrue();
        assertThat(stream.inherited().next()).isEqualTo(2);
    }

    @Test
    void givesWayToWhoeverClaimedLater() {
        fence(new Attempt(EPOCH + 1, 2));

        assertThatThrownBy(stream::nextAttempt)
                .isInstanceOf(OutrankedException.class)
                .hasMessage("epoch 7 is outranked by 8");
    }

    /* A claim of our own is above it, and another attempt of this one is not. */
    @Test
    void givesWayToTheHighestNumberOfItsOwnEpoch() {
        fence(ours(Attempt.NUMBER_MAX));

        assertThatThrownBy(stream::nextAttempt).isInstanceOf(OutrankedException.class);
    }

    @Test
    void outranksWhoeverClaimedBefore() {
        entry(new Attempt(EPOCH - 1, 8), 0, TestStreams.started(8));
        assertThat(stream.nextAttempt()).isEqualTo(ours(9));
        stream.fenced(2);
        fence(new Attempt(EPOCH - 1, 12));
        fence(ours(9));

        assertThat(stream.settled()).isTrue();
        assertThat(stream.inherited().next()).isEqualTo(1);
    }

    @Test
    void goesOnBehindWhatIsKnownToBeThere() {
        var known = new Orphan(id, 0, ours(1), 5, 40);
        var rest = new ReadBack(known, EPOCH, Opener.withoutKeys());
        assertThat(known.from()).hasValue(41);
        offset = 30;
        for (int sequence = 3; sequence < 7; sequence++) {
            var event = TestStreams.event(id, sequence, TestStreams.text("a"));
            rest.add(
                    offset++,
                    new EventRecord.Entry(
                            id,
                            new EventHeaders(event.type(), sequence, ours(1), null),
                            EventCodec.encode(event)));
        }
        assertThat(rest.nextAttempt()).isEqualTo(ours(2));
        rest.fenced(offset);
        rest.add(offset, new EventRecord.Fence(id, ours(2)));

        assertThat(rest.settled()).isTrue();
        assertThat(rest.inherited().next()).isEqualTo(7);
    }

    private static Attempt ours(int number) {
        return new Attempt(EPOCH, number);
    }
}
