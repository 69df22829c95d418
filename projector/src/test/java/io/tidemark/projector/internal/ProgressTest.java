package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Attempt;

import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final Progress progress =
            new Progress(
                    new Attempt(0, 3), 1L << 40, true, 17, 1_800_000_000_000L, 5, 1L << 35, 6, 2);

    @Test
    void isReadAsItWasWritten() {
        assertThat(Progress.decode(progress.encode())).isEqualTo(progress);
    }

    @Test
    void hasTheSameSizeHoweverLongTheStreamIs() {
        assertThat(progress.encode()).hasSameSizeAs(Progress.NONE.encode());
    }

    @Test
    void refusesAnotherVersion() {
        byte[] stored = progress.encode();
        stored[0] = 9;

        assertThatThrownBy(() -> Progress.decode(stored)).hasMessageContaining("version 9");
    }

    @Test
    void countsWhatIsMissing() {
        var before = new Progress(new Attempt(0, 1), 4, false, 1, 0, 0, 3, 0, 0);
        var event = new AcceptedEvent(new Attempt(0, 1), 9, false, 20, 50, new byte[0]);

        assertThat(before.accepted(event, true))
                .isEqualTo(new Progress(new Attempt(0, 1), 10, false, 2, 50, 0, 20, 50, 5));
    }
}
