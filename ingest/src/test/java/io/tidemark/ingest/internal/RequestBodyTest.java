package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.ingest.internal.RequestBody.Json;
import io.tidemark.ingest.internal.RequestBody.Multipart;
import io.tidemark.ingest.internal.RequestBody.Part;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

class RequestBodyTest {
    private static final byte[] SOUND = {0, -1, '\r', '\n', '-', '-'};

    @Test
    void jsonIsSentAsItWasWritten() {
        var body = new Json(ProviderJson.object("{\"a\":\"ü\",\"b\":0.10}").orElseThrow());

        assertThat(body.contentType()).isEqualTo("application/json");
        assertThat(new String(body.bytes(), UTF_8)).isEqualTo("{\"a\":\"ü\",\"b\":0.10}");
    }

    @Test
    void aFormIsSentPartByPart() {
        var body = new Multipart(ProviderJson.newObject(), parts("sound.wav"), "limit");

        assertThat(body.contentType()).isEqualTo("multipart/form-data; boundary=limit");
        assertThat(new String(body.bytes(), ISO_8859_1))
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "--limit",
                                "Content-Disposition: form-data; name=\"model\"",
                                "",
                                "whisper-1",
                                "--limit",
                                "Content-Disposition: form-data; name=\"file\"; filename=\"sound.wav\"",
                                "Content-Type: audio/wav",
                                "",
                                new String(SOUND, ISO_8859_1),
                                "--limit--",
                                ""));
    }

    @Test
    void aNameCannotEndItsQuotes() {
        var head = parts("a\"; name=\"x\r\nX-Bad: 1").getLast().head();

        assertThat(head)
                .startsWith(
                        "Content-Disposition: form-data; name=\"file\"; filename=\"a%22; name=%22x%0D%0AX-Bad: 1\"\r\nContent-Type");
    }

    @Test
    void theBoundaryOccursInNoPart() {
        var parts = parts("sound.wav");
        var first = Multipart.of(ProviderJson.newObject(), parts).boundary();

        var body = Multipart.of(ProviderJson.newObject(), List.of(Part.text("f", first)));

        assertThat(body.boundary()).isNotEqualTo(first).startsWith("tidemark-");
        assertThat(new String(body.bytes(), UTF_8).split(body.boundary(), -1)).hasSize(3);
    }

    @Test
    void theBoundaryIsTheSameForTheSameParts() {
        assertThat(Multipart.of(ProviderJson.newObject(), parts("a.wav")).boundary())
                .isEqualTo(Multipart.of(ProviderJson.newObject(), parts("b.wav")).boundary());
    }

    @Test
    void isRefusedWithAHeaderThatCouldEndItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Part("f", null, "audio/wav\r\nX: 1", ByteBuffer.allocate(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Multipart(ProviderJson.newObject(), List.of(), "a b"));
    }

    @Test
    void printsNoContents() {
        var part = Part.text("prompt", "secret");
        var json = new Json(ProviderJson.newObject().put("input", "secret"));

        assertThat(part + json.toString() + Multipart.of(json.json(), List.of(part)))
                .doesNotContain("secret");
    }

    private static List<Part> parts(String filename) {
        return List.of(
                Part.text("model", "whisper-1"),
                new Part("file", filename, "audio/wav", ByteBuffer.wrap(SOUND)));
    }
}
