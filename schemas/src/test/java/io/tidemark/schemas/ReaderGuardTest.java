package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.ReferenceGuard.Step;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ReaderGuardTest {
    private static final int DEPTH = 4;

    @Test
    void acceptsAGaplessStreamUpToItsEnd() {
        var guard = ReaderGuard.fromStart();

        assertThat(guard.admit(attempt(1), 0, false)).isEqualTo(Verdict.ACCEPTED);
        assertThat(guard.admit(attempt(1), 1, true)).isEqualTo(Verdict.ACCEPTED);
        assertThat(guard.ended()).isTrue();
        assertThat(guard.next()).isEqualTo(2);
        assertThat(guard.attempt()).isEqualTo(attempt(1));
    }

    @Test
    void dropsAZombieFromTheFenceOn() {
        var guard = ReaderGuard.fromStart();
        guard.admit(attempt(1), 0, false);

        guard.fence(attempt(2));

        assertThat(guard.admit(attempt(1), 1, true)).isEqualTo(Verdict.FENCED);
        assertThat(guard.admit(attempt(2), 1, false)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void treatsAnEntryOfAHigherAttemptAsItsFence() {
        var guard = ReaderGuard.fromStart();
        guard.admit(attempt(1), 0, false);
        guard.admit(attempt(2), 1, false);

        assertThat(guard.admit(attempt(1), 2, false)).isEqualTo(Verdict.FENCED);
    }

    @Test
    void isNotMovedByAnOlderFence() {
        var guard = ReaderGuard.resuming(attempt(3), 7);

        guard.fence(attempt(2));

        assertThat(guard.attempt()).isEqualTo(attempt(3));
    }

    @Test
    void isNotMovedByARefusedRecord() {
        var guard = ReaderGuard.resuming(attempt(1), 7);

        assertThat(guard.admit(attempt(2), 8, true)).isEqualTo(Verdict.GAP);
        assertThat(guard.admit(attempt(2), 6, true)).isEqualTo(Verdict.DUPLICATE);

        assertThat(guard.attempt()).isEqualTo(attempt(1));
        assertThat(guard.next()).isEqualTo(7);
        assertThat(guard.ended()).isFalse();
    }

    @Test
    void staysEndedWhenItResumesAfterTheEnd() {
        var guard = ReaderGuard.resuming(attempt(1), 7, true);

        assertThat(guard.admit(attempt(1), 7, false)).isEqualTo(Verdict.AFTER_TERMINAL);
        assertThat(guard.admit(attempt(2), 7, false)).isEqualTo(Verdict.AFTER_TERMINAL);
    }

    @Test
    void anEpochOutranksEveryNumberOfTheOneBefore() {
        var guard = ReaderGuard.fromStart();
        guard.admit(attempt(1), 0, false);

        guard.fence(new Attempt(17, 2));
        guard.fence(new Attempt(16, 3));

        assertThat(guard.admit(new Attempt(16, 3), 1, true)).isEqualTo(Verdict.FENCED);
        assertThat(guard.admit(new Attempt(17, 2), 1, true)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void tellsTheTerminalFromTheTypeHeader() {
        for (var type : EventType.values()) {
            var guard = ReaderGuard.fromStart();

            guard.admit(new EventHeaders(type.wire(), 0, attempt(1), null));

            boolean last = type == EventType.STREAM_COMPLETED || type == EventType.STREAM_FAILED;
            assertThat(guard.ended()).as(type.wire()).isEqualTo(last);
        }
    }

    /** All sequences of {@value #DEPTH} records out of 3 fences and 24 entries: 531 441 of them. */
    @Test
    void agreesWithTheReferenceOnEveryShortSequence() {
        new Exhaustion(alphabet()).run(new ArrayList<>());
    }

    private static List<Step> alphabet() {
        var alphabet = new ArrayList<Step>();
        for (var attempt : List.of(new Attempt(0, 2), new Attempt(1, 1), new Attempt(1, 2))) {
            alphabet.add(new Step.Fence(attempt));
            for (long sequence = 0; sequence <= 3; sequence++) {
                alphabet.add(new Step.Entry(attempt, sequence, false));
                alphabet.add(new Step.Entry(attempt, sequence, true));
            }
        }
        return alphabet;
    }

    private record Exhaustion(List<Step> alphabet) {
        void run(List<Step> prefix) {
            if (prefix.size() == DEPTH) {
                compare(prefix);
                return;
            }
            for (var step : alphabet) {
                prefix.add(step);
                run(prefix);
                prefix.removeLast();
            }
        }

        private static void compare(List<Step> steps) {
            var guard = ReaderGuard.fromStart();
            var reference = new ReferenceGuard();
            for (var step : steps) {
                switch (step) {
                    case Step.Fence(var attempt) -> {
                        guard.fence(attempt);
                        reference.fence(attempt);
                    }
                    case Step.Entry entry -> {
                        var verdict =
                                guard.admit(entry.attempt(), entry.sequence(), entry.terminal());
                        /* Plain comparison first: an assertion object for each of two million steps is waste. */
                        if (verdict != reference.admit(entry)) {
                            throw new AssertionError(steps + ": " + entry + " was " + verdict);
                        }
                    }
                }
            }
            requireGaplessUpToTheTerminal(steps, reference.accepted(), guard);
        }

        private static void requireGaplessUpToTheTerminal(
                List<Step> steps, List<Step.Entry> accepted, ReaderGuard guard) {
            boolean sound = guard.next() == accepted.size();
            for (int i = 0; i < accepted.size(); i++) {
                sound &= accepted.get(i).sequence() == i;
                sound &= !accepted.get(i).terminal() || i == accepted.size() - 1;
                sound &=
                        i == 0 || !accepted.get(i).attempt().isBelow(accepted.get(i - 1).attempt());
            }
            if (!sound) {
                throw new AssertionError(steps + " gave " + accepted);
            }
        }
    }

    private static Attempt attempt(int number) {
        return new Attempt(0, number);
    }
}
