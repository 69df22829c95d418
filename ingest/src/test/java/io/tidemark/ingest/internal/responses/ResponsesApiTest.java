package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesApiTest {
    private final ResponsesApi api = new ResponsesApi();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','input':'hi'} | {'model':'m','input':'hi','stream':true,'stream_options':{'include_obfuscation':false}}",
                "{'model':'m','stream':false} | {'model':'m','stream':true,'stream_options':{'include_obfuscation':false}}",
                "{'model':'m','stream_options':null} | {'model':'m','stream':true}",
                "{'model':'m','stream_options':{'include_obfuscation':true}} | {'model':'m','stream':true,'stream_options':{'include_obfuscation':true}}",
                "{'model':'m','stream_options':{'other':1}} | {'model':'m','stream':true,'stream_options':{'other':1,'include_obfuscation':false}}",
                "{'model':'m','temperature':0.10} | {'model':'m','temperature':0.10,'stream':true,'stream_options':{'include_obfuscation':false}}"
            })
    void addsWhatStreamingNeedsAndLeavesTheRest(String request, String sent) {
        var body = ProviderJson.object(json(request)).orElseThrow();
        var original = body.deepCopy();

        assertThat(api.prepare(body))
                .isEqualTo(
                        new Prepared(
                                "/responses", "m", ProviderJson.object(json(sent)).orElseThrow()));
        assertThat(body).isEqualTo(original);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | request",
                "'text' | request",
                "null | request",
                "{} | request.model",
                "{'model':''} | request.model",
                "{'model':' '} | request.model",
                "{'model':7} | request.model",
                "{'model':null} | request.model",
                "{'model':'m','stream_options':true} | request.stream_options"
            })
    void refusesWhatNoProviderWouldTakeNamingTheField(String request, String field) {
        var body = ProviderJson.value(json(request)).orElseThrow();

        assertThat(api.prepare(body))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
    }

    @Test
    void refusesAMissingBody() {
        assertThat(api.prepare(null)).isEqualTo(new Refused("request", "must be a JSON object"));
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
