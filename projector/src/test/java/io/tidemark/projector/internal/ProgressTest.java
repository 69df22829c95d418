package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Attempt;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;

final class ProgressTest {
    private static final int BYTES_MAX = 40;

    private final Progress progress =
            new Progress(
                    new Attempt(9, 3),
                    1L << 20,
                    true,
                    true,
                    17,
                    3,
                    2,
                    5,
                    1L << 35,
                    1_800_000_000_000L,
                    2,
                    true);

    @Test
    void isReadAsItWasWritten() {
        assertThat(Progress.decode(progress.encode())).isEqualTo(progress);
        assertThat(Progress.decode(Progress.NONE.encode())).isEqualTo(Progress.NONE);
    }

    @Test
    void isSmallHoweverLongTheStreamIs() {
        assertThat(progress.encode()).hasSizeLessThan(BYTES_MAX);
    }

    @Test
    void readsWhatAProjectorBeforeThisOneHasWritten() {
        var before =
                ByteBuffer.allocate(66)
                        .put((byte) 2)
                        .put((byte) 1)
                        .putLong(9)
                        .putInt(3)
                        .putInt(17)
                        .putLong(1L << 40)
                        .putLong(1_800_000_000_000L)
                        .putLong(5)
                        .putLong(1L << 35)
                        .putLong(6)
                        .putLong(2);

        assertThat(Progress.decode(before.array()))
                .isEqualTo(
                        new Progress(
                                new Attempt(9, 3),
                                1L << 40,
                                true,
                                false,
                                17,
                                17,
                                0,
                                5,
                                1L << 35,
                                6,
                                2,
                                false));
    }

    @Test
    void refusesAnotherVersion() {
        byte[] stored = progress.encode();
        stored[0] = 9;

        assertThatThrownBy(() -> Progress.decode(stored))
                .hasMessage("progress must be version 2 or 3, was 9");
    }

    @Test
    void saysWhatIsWrongWithBytesThatAreNotWhole() {
        byte[] stored = progress.encode();

        for (int length = 0; length < stored.length; length++) {
            byte[] part = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> Progress.decode(part))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stored state");
        }
        assertThatThrownBy(() -> Progress.decode(new byte[] {2, 0}))
                .hasMessage("progress of version 2 must have 66 bytes, has 2");
    }

    @Test
    void countsWhatIsMissing() {
        var before = new Progress(new Attempt(0, 1), 4, false, true, 1, 0, 1, 0, 3, 0, 0, false);
        var event = new AcceptedEvent(new Attempt(0, 1), 9, false, 20, 50, new byte[0]);

        assertThat(before.accepted(event, 2, 1))
                .isEqualTo(
                        new Progress(
                                new Attempt(0, 1), 10, false, false, 2, 0, 1, 0, 20, 50, 5, false));
    }
}
