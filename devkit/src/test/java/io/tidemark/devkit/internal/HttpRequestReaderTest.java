package io.tidemark.devkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class HttpRequestReaderTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void readsOneRequestAfterTheOther() throws IOException {
        var reader =
                reader(
                        "POST /a?b=c HTTP/1.1\r\nContent-Length: 3\r\nX-A: 1\r\nx-a:2\r\n\r\nabc"
                                + "GET /d HTTP/1.1\r\nConnection: Close\r\n\r\n");

        var first = reader.read();
        var second = reader.read();

        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.path()).isEqualTo("/a");
        assertThat(first.header("x-a")).isEqualTo("1,2");
        assertThat(first.body()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        assertThat(first.wantsClose()).isFalse();
        assertThat(second.path()).isEqualTo("/d");
        assertThat(second.wantsClose()).isTrue();
        assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() throws IOException {
        var request =
                reader("POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\nx")
                        .read();

        assertThat(request.body()).hasSize(1);
        assertThat(out.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100 ");
    }

    @Test
    void readsChunksWithExtensionsAndTrailers() throws IOException {
        var request =
                reader(
                                """
                                POST / HTTP/1.1\r
                                transfer-encoding: chunked\r
                                \r
                                2;e=f\r
                                ab\r
                                1\r
                                c\r
                                0\r
                                trailer: x\r
                                \r
                                """)
                        .read();

        assertThat(request.body()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense\\n\\n                                                   | 400",
                "GET / HTTP/2\\n\\n                                               | 400",
                "GET / HTTP/1.1\\nno colon\\n\\n                                  | 400",
                "POST / HTTP/1.1\\ncontent-length: -1\\n\\n                       | 400",
                "POST / HTTP/1.1\\ncontent-length: many\\n\\n                     | 400",
                "POST / HTTP/1.1\\ncontent-length: 101\\n\\n                      | 413",
                "POST / HTTP/1.1\\ncontent-length: 99999999999\\n\\n              | 413",
                "POST / HTTP/1.1\\ntransfer-encoding: chunked\\n\\n65\\n          | 413",
                "POST / HTTP/1.1\\ntransfer-encoding: chunked\\n\\nzz\\n          | 400",
                "GET /long-long-long-long-long-long-long-long-long-long-long-long-long-long-long HTTP/1.1\\n"
                        + "a: long-long-long-long-long-long-long-long-long-long-long-long-long\\n\\n | 431",
            })
    void refusesWhatIsNoRequestOrTooLarge(String text, int statusCode) {
        assertThatThrownBy(() -> reader(text.replace("\\n", "\r\n")).read())
                .isInstanceOfSatisfying(
                        HttpProtocolException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(statusCode));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "POST / HT",
                "POST / HTTP/1.1\r\n",
                "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc"
            })
    void halfARequestIsAnEnd(String text) {
        assertThatThrownBy(() -> reader(text).read()).isInstanceOf(EOFException.class);
    }

    private HttpRequestReader reader(String text) {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
        return new HttpRequestReader(in, out, 120, 100);
    }
}
