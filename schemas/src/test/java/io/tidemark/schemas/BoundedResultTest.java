package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.junit.jupiter.api.Test;

class BoundedResultTest {
    private static final int BYTES_MAX = BoundedResult.BYTES_MAX_MIN;

    @Test
    void whatFitsIsWhole() {
        var response = said("short").response();

        var result = BoundedResult.of(response, BYTES_MAX);

        assertThat(result.whole()).isTrue();
        assertThat(result.json()).isEqualTo(ResponseCodec.encode(response));
    }

    @Test
    void whatDoesNotFitLosesItsContentAndSaysSo() {
        var response = said("long ".repeat(BYTES_MAX)).response();

        var result = BoundedResult.of(response, BYTES_MAX);

        assertThat(result.whole()).isFalse();
        assertThat(result.json()).hasSizeLessThanOrEqualTo(BYTES_MAX);
        assertThat(ResponseCodec.decode(result.json()))
                .satisfies(it -> assertThat(it.items()).isEmpty())
                .satisfies(it ->
                        assertThat(it.warnings()).containsExactly(BoundedResult.CONTENT_TOO_LARGE));
    }

    @Test
    void aBoundThatNotEveryResultFitsIsRefused() {
        var row = said("short").row();

        assertThatThrownBy(() -> BoundedResult.of(row, BYTES_MAX - 1))
                .hasMessage("bytesMax must be at least %d, was %d", BYTES_MAX, BYTES_MAX - 1);
    }

    @Test
    void noCharacterIsCutInHalf() {
        var before = "x".repeat(Shortened.CHARS_MAX - 1);

        assertThat(Shortened.cut(before + "😀")).isEqualTo(before);
        assertThat(Shortened.cut(before + "y")).isEqualTo(before + "y");
    }

    private static FoldedStream said(String text) {
        return FoldedStream.started()
                .text(0, 0, text)
                .say(new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null));
    }
}
