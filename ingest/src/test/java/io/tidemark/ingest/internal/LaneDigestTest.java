package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class LaneDigestTest {
    private final LaneDigest digest = new LaneDigest();

    @Test
    void piecesHashAsTheirConcatenation() {
        digest.add("gr\u00FC\u00DF");
        digest.add("e \uD83D\uDE00");

        var whole = new LaneDigest();
        whole.add("gr\u00FC\u00DFe \uD83D\uDE00".getBytes(StandardCharsets.UTF_8));
        assertThat(digest.bytes()).isEqualTo(12).isEqualTo(whole.bytes());
        assertThat(digest.sha256()).isEqualTo(whole.sha256());
    }

    @Test
    void nothingHasTheHashOfNothing() {
        assertThat(digest.sha256())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void canBeReadMidway() {
        digest.add("ab");
        assertThat(digest.matches("ab")).isTrue();

        digest.add("c");
        assertThat(digest.matches("abc")).isTrue();
        assertThat(digest.matches("ab")).isFalse();
        assertThat(digest.matches("abd")).isFalse();
    }
}
