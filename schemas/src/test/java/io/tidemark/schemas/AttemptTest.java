package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.util.stream.Stream;

class AttemptTest {
    @Test
    void theEpochDecidesBeforeTheNumber() {
        assertThat(
                        Stream.of("2/1", "1/9", "0/1", "2/2")
                                .map(AttemptTest::attempt)
                                .sorted()
                                .toList())
                .hasToString("[0/1, 1/9, 2/1, 2/2]");
        assertThat(new Attempt(1, 9).isBelow(new Attempt(2, 1))).isTrue();
        assertThat(new Attempt(2, 1).isBelow(new Attempt(2, 2))).isTrue();
        assertThat(new Attempt(2, 2).isBelow(new Attempt(2, 2))).isFalse();
        assertThat(new Attempt(2, 1).isBelow(new Attempt(1, 9))).isFalse();
    }

    @Test
    void theNextOutranksItUnderTheSameEpochAndAHigherOne() {
        var attempt = new Attempt(5, 3);

        assertThat(attempt.next(5)).isEqualTo(new Attempt(5, 4));
        assertThat(attempt.next(6)).isEqualTo(new Attempt(6, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> attempt.next(4))
                .withMessage("epoch 4 cannot outrank epoch 5");
    }

    @Test
    void whereTheNumbersEndAHigherEpochOutranksItAllTheSame() {
        var last = new Attempt(5, Attempt.NUMBER_MAX);

        assertThat(last.next(6)).isEqualTo(new Attempt(6, Attempt.NUMBER_MAX));
        assertThat(last.isBelow(last.next(6))).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> last.next(5))
                .withMessage(
                        "attempt 5/1000000 has the highest number there is: only a higher epoch outranks it");
    }

    @Test
    void theHigherOfTwoIsTheSameWhicheverIsAsked() {
        var lower = new Attempt(1, 9);
        var higher = new Attempt(2, 1);

        assertThat(lower.max(higher)).isEqualTo(higher);
        assertThat(higher.max(lower)).isEqualTo(higher);
        assertThat(higher.max(higher)).isEqualTo(higher);
    }

    @Test
    void figuresThatNoWriterHasAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt(-1, 1))
                .withMessage("epoch must not be negative, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt(0, -1))
                .withMessage("attempt must be 0 to 1000000, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt(0, 1_000_001))
                .withMessage("attempt must be 0 to 1000000, was 1000001");
    }

    private static Attempt attempt(String text) {
        var parts = text.split("/", -1);
        return new Attempt(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
    }
}
