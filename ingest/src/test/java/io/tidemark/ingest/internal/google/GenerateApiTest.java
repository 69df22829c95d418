package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.output.RequestContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.util.stream.Stream;

/** {@code streamGenerateContent}: contents, and a model that stands in the path. */
class GenerateApiTest extends RequestContract {
    private static final String CONTENTS = "'contents':[{'parts':[{'text':'hi'}]}]";
    private static final String MODEL_NAME =
            "must be the name of a model, without empty segments, '.' or '..'";

    GenerateApiTest() {
        super(new GenerateApi(), "google.generate", new KeyHeader("x-goog-api-key", ""));
    }

    @Override
    protected Stream<Sent> sent() {
        return Stream.of(
                row("{'model':'m'," + CONTENTS + "}", "{" + CONTENTS + "}"),
                row(
                        "{'model':'m'," + CONTENTS + ",'generationConfig':{'topP':0.10}}",
                        "{" + CONTENTS + ",'generationConfig':{'topP':0.10}}"));
    }

    private static Sent row(String request, String body) {
        return new Sent(
                request,
                new Prepared(
                        new RequestPath("v1beta", "/models/m:streamGenerateContent?alt=sse"),
                        "m",
                        new RequestBody.Json(json(body))));
    }

    @Override
    protected Stream<Unsent> unsent() {
        return Stream.of(
                new Unsent("{'model':'..'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'models/../files'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'/m'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'m/'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'a//b'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'models/.'}", "request.model", MODEL_NAME),
                new Unsent("{'model':'m'}", "request.contents", NON_EMPTY_ARRAY),
                new Unsent("{'model':'m','contents':'hi'}", "request.contents", NON_EMPTY_ARRAY),
                new Unsent("{'model':'m','contents':[]}", "request.contents", NON_EMPTY_ARRAY));
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
        var address = preparedFor(model).path().below(URI.create("https://google.example"));

        assertThat(address)
                .isEqualTo(
                        URI.create(
                                "https://google.example"
                                        + path
                                        + ":streamGenerateContent?alt=sse"));
    }

    @Test
    void addsNoVersionToABaseUrlThatHasOne() {
        assertThat(preparedFor("m").path().below(URI.create("https://google.example/v1")))
                .isEqualTo(
                        URI.create(
                                "https://google.example/v1/models/m:streamGenerateContent?alt=sse"));
    }

    private Prepared preparedFor(String model) {
        return prepared(json("{" + CONTENTS + "}").put("model", model));
    }
}
