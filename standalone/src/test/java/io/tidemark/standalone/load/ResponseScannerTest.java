package io.tidemark.standalone.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class ResponseScannerTest {
    private static final String CHUNKED =
            String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Transfer-Encoding: chunked",
                    "Date: x",
                    "",
                    "a;x=1",
                    "id: 0\ndata",
                    "9",
                    ": {}\n\nid:",
                    "D",
                    " 1\ndata: {}\n\n",
                    "0",
                    "",
                    "");

    private final List<Long> sequences = new ArrayList<>();
    private final ResponseScanner scanner =
            new ResponseScanner(new FrameScanner((sequence, _, _, _) -> sequences.add(sequence)));

    private void scan(String text, int atOnce) throws MalformedResponseException {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i += atOnce) {
            scanner.scan(bytes, i, Math.min(bytes.length, i + atOnce));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void takesChunksApartHoweverTheyCome(int atOnce) throws Exception {
        scan(CHUNKED, atOnce);

        assertThat(sequences).containsExactly(0L, 1L);
        assertThat(scanner.over()).isTrue();
    }

    @Test
    void readsABodyThatTheConnectionEnds() throws Exception {
        scan("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nid: 5\ndata: {}\n\n", 4);

        assertThat(sequences).containsExactly(5L);
        assertThat(scanner.over()).isFalse();
    }

    @Test
    void aRefusalIsOverAfterItsHead() throws Exception {
        scan("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n", 1_000);

        assertThat(scanner.status()).isEqualTo(503);
        assertThat(scanner.streams()).isFalse();
        assertThat(scanner.over()).isTrue();
    }

    @Test
    void whatIsNoResponseIsSaidToBeNone() {
        assertThatThrownBy(() -> scan("SSH-2.0\r\n\r\n", 1_000))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageContaining("no status line");
    }
}
