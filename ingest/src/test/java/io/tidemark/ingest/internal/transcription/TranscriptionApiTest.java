package io.tidemark.ingest.internal.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.RequestBody.Multipart;
import io.tidemark.ingest.internal.RequestBody.Part;
import io.tidemark.ingest.internal.RequestPath;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Base64;
import java.util.List;

class TranscriptionApiTest {
    private static final String FILE =
            "'file':{'filename':'a.wav','mimeType':'audio/wav','base64':'AAEC'}";

    private final TranscriptionApi api = new TranscriptionApi();

    private static ObjectNode request(String fields) {
        return ProviderJson.object(("{" + fields + "," + FILE + "}").replace('\'', '"'))
                .orElseThrow();
    }

    private List<String> fields(String request) {
        var form = (Multipart) ((Prepared) api.prepare(request(request))).body();
        return form.parts().stream().map(TranscriptionApiTest::shown).toList();
    }

    private static String shown(Part part) {
        return part.name() + "=" + UTF_8.decode(part.content().duplicate());
    }

    @Test
    void makesAFormWithTheFileAndAsksForAStream() {
        var request = request("'model':'whisper-1','stream':false,'temperature':0.10");
        var original = request.deepCopy();

        var prepared = (Prepared) api.prepare(request);

        assertThat(prepared.path()).isEqualTo(RequestPath.of("/audio/transcriptions"));
        assertThat(prepared.model()).isEqualTo("whisper-1");
        assertThat(fields("'model':'whisper-1','stream':false,'temperature':0.10"))
                .containsExactly(
                        "model=whisper-1", "stream=true", "temperature=0.10", "file=\0\1\2");
        assertThat(((Multipart) prepared.body()).parts().getLast())
                .extracting(Part::filename, Part::contentType)
                .containsExactly("a.wav", "audio/wav");
        assertThat(prepared.body().json().has("file")).isFalse();
        assertThat(request).isEqualTo(original);
    }

    @Test
    void namesListsAndObjectsAsTheVendorsSdkDoes() {
        assertThat(
                        fields(
                                "'model':'m','include':['logprobs','x'],'chunking_strategy':{'type':'server_vad','threshold':0.5},'language':null,'deep':[{'a':[true]}]"))
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | request",
                "{} | request.model",
                "{'model':''} | request.model",
                "{'model':7} | request.model",
                "{'model':'m'} | request.file",
                "{'model':'m','file':'AAEC'} | request.file",
                "{'model':'m','file':{'base64':'AAEC'}} | request.file.filename",
                "{'model':'m','file':{'filename':'','base64':'AAEC'}} | request.file.filename",
                "{'model':'m','file':{'filename':'a.wav'}} | request.file.base64",
                "{'model':'m','file':{'filename':'a.wav','base64':''}} | request.file.base64",
                "{'model':'m','file':{'filename':'a.wav','base64':'*'}} | request.file.base64",
                "{'model':'m','file':{'filename':'a.wav','base64':'AAEC','mimeType':'a\\nb/c'}} | request.file.mimeType",
                "{'model':'m','file':{'filename':'a.wav','base64':'AAEC','mimeType':7}} | request.file.mimeType",
                "{'model':'m','response_format':'srt','file':{'filename':'a.wav','base64':'AAEC'}} | request.response_format",
                "{'model':'m','response_format':'vtt','file':{'filename':'a.wav','base64':'AAEC'}} | request.response_format"
            })
    void refusesWhatCannotBeSentNamingTheField(String request, String field) {
        var json = ProviderJson.value(request.replace('\'', '"')).orElseThrow();

        assertThat(api.prepare(json))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
    }

    @Test
    void refusesAMissingBody() {
        assertThat(api.prepare(null)).isEqualTo(new Refused("request", "must be a JSON object"));
    }

    @Test
    void limitsTheAudio() {
        var most = new byte[AudioFile.BYTES_MAX];
        var tooMuch = new byte[AudioFile.BYTES_MAX + 1];

        assertThat(api.prepare(audio(most))).isInstanceOf(Prepared.class);
        assertThat(api.prepare(audio(tooMuch)))
                .isEqualTo(
                        new Refused(
                                "request.file.base64",
                                "must hold at most 26214400 bytes of audio"));
        assertThat(api.prepare(audio(new byte[AudioFile.BYTES_MAX + 100])))
                .isInstanceOf(Refused.class);
    }

    private static ObjectNode audio(byte[] bytes) {
        var request = ProviderJson.newObject().put("model", "m");
        request.putObject("file")
                .put("filename", "a.wav")
                .put("base64", Base64.getEncoder().encodeToString(bytes));
        return request;
    }

    @Test
    void limitsTheFieldsOfTheForm() {
        var request = request("'model':'m'");
        var list = request.putArray("keywords");
        for (int i = 0; i < FormFields.FIELDS_MAX; i++) {
            list.add("k");
        }

        assertThat(api.prepare(request))
                .isEqualTo(new Refused("request", "must have at most 1024 fields of a form"));
    }
}
