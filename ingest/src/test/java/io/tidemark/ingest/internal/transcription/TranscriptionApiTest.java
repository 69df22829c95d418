package io.tidemark.ingest.internal.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.RequestBody.Multipart;
import io.tidemark.ingest.internal.RequestBody.Part;
import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.output.RequestContract;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Transcriptions: a form with a file, made of JSON. */
class TranscriptionApiTest extends RequestContract {
    private static final RequestPath PATH = RequestPath.of("/audio/transcriptions");
    private static final String FILE =
            "'file':{'filename':'a.wav','mimeType':'audio/wav','base64':'AAEC'}";
    private static final String NO_FILE = "must be an object with filename and base64";
    private static final String NO_NAME = "must be a string of 1 to 255 characters";
    private static final String NO_AUDIO = "must be a non-empty string";
    private static final String NO_TYPE = "must be a media type";
    private static final String UNREADABLE = "must be one whose answer is text or JSON";

    TranscriptionApiTest() {
        super(new TranscriptionApi(), "openai.transcriptions", KeyHeader.BEARER);
    }

    @Override
    protected Stream<Sent> sent() {
        return Stream.of(
                row("{'model':'m'," + FILE + "}", "audio/wav"),
                row("{'model':'m','stream':false," + FILE + "}", "audio/wav"),
                row(
                        "{'model':'m','file':{'filename':'a.wav','base64':'AAEC'}}",
                        "application/octet-stream"));
    }

    private static Sent row(String request, String fileType) {
        var file = new Part("file", "a.wav", fileType, ByteBuffer.wrap(new byte[] {0, 1, 2}));
        var parts = List.of(Part.text("model", "m"), Part.text("stream", "true"), file);
        var form = Multipart.of(json("{'model':'m','stream':true}"), parts);
        return new Sent(request, new Prepared(PATH, "m", form));
    }

    @Override
    protected Stream<Unsent> unsent() {
        return Stream.of(
                new Unsent("{'model':'m'}", "request.file", NO_FILE),
                new Unsent("{'model':'m','file':'AAEC'}", "request.file", NO_FILE),
                file("{'base64':'AAEC'}", ".filename", NO_NAME),
                file("{'filename':'','base64':'AAEC'}", ".filename", NO_NAME),
                file("{'filename':'a.wav'}", ".base64", NO_AUDIO),
                file("{'filename':'a.wav','base64':''}", ".base64", NO_AUDIO),
                file("{'filename':'a.wav','base64':'*'}", ".base64", "must be base64"),
                file(
                        "{'filename':'a.wav','base64':'AAEC','mimeType':'a\\nb/c'}",
                        ".mimeType",
                        NO_TYPE),
                file("{'filename':'a.wav','base64':'AAEC','mimeType':7}", ".mimeType", NO_TYPE),
                format("srt"),
                format("vtt"));
    }

    private static Unsent file(String file, String field, String message) {
        return new Unsent("{'model':'m','file':" + file + "}", "request.file" + field, message);
    }

    private static Unsent format(String format) {
        return new Unsent(
                "{'model':'m','response_format':'" + format + "'," + FILE + "}",
                "request.response_format",
                UNREADABLE);
    }

    private static ObjectNode request(String fields) {
        return json("{" + fields + "," + FILE + "}");
    }

    private static List<String> fields(Prepared prepared) {
        var form = (Multipart) prepared.body();
        return form.parts().stream().map(TranscriptionApiTest::shown).toList();
    }

    private static String shown(Part part) {
        return part.name() + "=" + UTF_8.decode(part.content().duplicate());
    }

    @Test
    void makesAFormWithTheFileAndAsksForAStream() {
        var prepared = prepared(request("'model':'whisper-1','stream':false,'temperature':0.10"));

        assertThat(prepared.path()).isEqualTo(PATH);
        assertThat(prepared.model()).isEqualTo("whisper-1");
        assertThat(fields(prepared))
                .containsExactly(
                        "model=whisper-1", "stream=true", "temperature=0.10", "file=\0\1\2");
        assertThat(((Multipart) prepared.body()).parts().getLast())
                .extracting(Part::filename, Part::contentType)
                .containsExactly("a.wav", "audio/wav");
        assertThat(prepared.body().json().has("file")).isFalse();
    }

    @Test
    void namesListsAndObjectsAsTheVendorsSdkDoes() {
        var request =
                request(
                        "'model':'m','include':['logprobs','x'],'chunking_strategy':{'type':'server_vad','threshold':0.5},'language':null,'deep':[{'a':[true]}]");

        assertThat(fields(prepared(request)))
                .containsExactly(
                        "model=m",
                        "include[]=logprobs",
                        "include[]=x",
                        "chunking_strategy[type]=server_vad",
                        "chunking_strategy[threshold]=0.5",
                        "deep[][a][]=true",
                        "stream=true",
                        "file=\0\1\2");
    }

    @Test
    void limitsTheAudio() {
        var tooLong =
                new Refused("request.file.base64", "must hold at most 26214400 bytes of audio");

        assertThat(prepare(audio(AudioFile.BYTES_MAX))).isInstanceOf(Prepared.class);
        assertThat(prepare(audio(AudioFile.BYTES_MAX + 1))).isEqualTo(tooLong);
        assertThat(prepare(audio(AudioFile.BYTES_MAX + 100))).isEqualTo(tooLong);
    }

    private static ObjectNode audio(int bytes) {
        var request = ProviderJson.newObject().put("model", "m");
        request.putObject("file")
                .put("filename", "a.wav")
                .put("base64", Base64.getEncoder().encodeToString(new byte[bytes]));
        return request;
    }

    @Test
    void limitsTheFieldsOfTheForm() {
        var request = request("'model':'m'");
        var list = request.putArray("keywords");
        for (int i = 0; i < FormFields.FIELDS_MAX; i++) {
            list.add("k");
        }

        assertThat(prepare(request))
                .isEqualTo(new Refused("request", "must have at most 1024 fields of a form"));
    }
}
