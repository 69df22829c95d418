package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.RequestBody;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;

class GenerateApiTest {
    private static final String CONTENTS = "'contents':[{'parts':[{'text':'hi'}]}]";

    private final GenerateApi api = new GenerateApi();

    @Test
    void takesTheModelOutOfTheBodyAndLeavesTheRest() {
        var body =
                ProviderJson.object(
                                json(
                                        "{'model':'m',"
                                                + CONTENTS
                                                + ",'generationConfig':{'topP':0.10}}"))
                        .orElseThrow();
        var original = body.deepCopy();

        var prepared = (Prepared) api.prepare(body);

        assertThat(prepared.model()).isEqualTo("m");
        assertThat(prepared.body())
                .isEqualTo(
                        new RequestBody.Json(
                                ProviderJson.object(
                                                json(
                                                        "{"
                                                                + CONTENTS
                                                                + ",'generationConfig':{'topP':0.10}}"))
                                        .orElseThrow()));
        assertThat(body).isEqualTo(original);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, /v1beta/models/gemini-2.5-flash",
        "models/gemini-2.5-flash, /v1beta/models/gemini-2.5-flash",
        "tunedModels/mine-1, /v1beta/tunedModels/mine-1",
        "publishers/google/models/gemini-x@001, /v1beta1/publishers/google/models/gemini-x@001",
        "projects/p/locations/us-central1/publishers/google/models/g, /v1beta1/projects/p/locations/us-central1/publishers/google/models/g",
        "projects/p/locations/l/endpoints/123, /v1beta1/projects/p/locations/l/endpoints/123",
        "recording:a/b.sse, /v1beta/models/recording%3Aa/b.sse",
        "m?key=x#y, /v1beta/models/m%3Fkey%3Dx%23y",
        "m:generateContent, /v1beta/models/m%3AgenerateContent",
        "'a b%2e', /v1beta/models/a%20b%252e",
        "%2e%2e/x, /v1beta/models/%252e%252e/x",
        "a\\..\\b, /v1beta/models/a%5C..%5Cb",
        "mödel, /v1beta/models/m%C3%B6del",
        "models, /v1beta/models/models",
        "projects, /v1beta/models/projects"
    })
    void asksForAStreamOfTheModelByItsPath(String model, String path) {
        var address = prepared(model).path().below(URI.create("https://google.example"));

        assertThat(address)
                .isEqualTo(
                        URI.create(
                                "https://google.example"
                                        + path
                                        + ":streamGenerateContent?alt=sse"));
    }

    @Test
    void addsNoVersionToABaseUrlThatHasOne() {
        assertThat(prepared("m").path().below(URI.create("https://google.example/v1")))
                .isEqualTo(
                        URI.create(
                                "https://google.example/v1/models/m:streamGenerateContent?alt=sse"));
    }

    private Prepared prepared(String model) {
        var body = ProviderJson.object(json("{" + CONTENTS + "}")).orElseThrow();
        return (Prepared) api.prepare(body.put("model", model));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | request",
                "null | request",
                "{} | request.model",
                "{'model':''} | request.model",
                "{'model':7} | request.model",
                "{'model':'..'} | request.model",
                "{'model':'models/../files'} | request.model",
                "{'model':'/m'} | request.model",
                "{'model':'m/'} | request.model",
                "{'model':'a//b'} | request.model",
                "{'model':'models/.'} | request.model",
                "{'model':'m'} | request.contents",
                "{'model':'m','contents':'hi'} | request.contents",
                "{'model':'m','contents':[]} | request.contents"
            })
    void refusesWhatNoProviderWouldTakeNamingTheField(String request, String field) {
        assertThat(api.prepare(ProviderJson.value(json(request)).orElseThrow()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.field()).isEqualTo(field);
                            assertThat(refused.message()).doesNotContain("files");
                        });
    }

    @Test
    void refusesAMissingBody() {
        assertThat(api.prepare(null)).isEqualTo(new Refused("request", "must be a JSON object"));
    }

    @Test
    void sendsTheKeyInAHeaderOfItsOwn() {
        assertThat(api.keyHeader()).isEqualTo(new KeyHeader("x-goog-api-key", ""));
        assertThat(api.name()).isEqualTo("google.generate");
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
