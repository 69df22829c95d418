package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestPath;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class MessagesApiTest {
    private final MessagesApi api = new MessagesApi();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','max_tokens':1,'messages':[{}]} | {'model':'m','max_tokens':1,'messages':[{}],'stream':true}",
                "{'model':'m','max_tokens':1,'messages':[{}],'stream':false} | {'model':'m','max_tokens':1,'messages':[{}],'stream':true}",
                "{'model':'m','max_tokens':99999999999999999999,'messages':[{}],'other':0.10} | {'model':'m','max_tokens':99999999999999999999,'messages':[{}],'other':0.10,'stream':true}"
            })
    void addsWhatStreamingNeedsAndLeavesTheRest(String request, String sent) {
        var body = ProviderJson.object(json(request)).orElseThrow();
        var original = body.deepCopy();

        assertThat(api.prepare(body))
                .isEqualTo(
                        new Prepared(
                                new RequestPath("v1", "/messages"),
                                "m",
                                new RequestBody.Json(ProviderJson.object(json(sent)).orElseThrow()),
                                Map.of("anthropic-version", "2023-06-01")));
        assertThat(body).isEqualTo(original);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | request",
                "null | request",
                "{} | request.model",
                "{'model':' '} | request.model",
                "{'model':7} | request.model",
                "{'model':'m'} | request.max_tokens",
                "{'model':'m','max_tokens':null} | request.max_tokens",
                "{'model':'m','max_tokens':'9'} | request.max_tokens",
                "{'model':'m','max_tokens':0} | request.max_tokens",
                "{'model':'m','max_tokens':-1} | request.max_tokens",
                "{'model':'m','max_tokens':1.5} | request.max_tokens",
                "{'model':'m','max_tokens':1} | request.messages",
                "{'model':'m','max_tokens':1,'messages':{}} | request.messages",
                "{'model':'m','max_tokens':1,'messages':[]} | request.messages"
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

    @Test
    void sendsTheKeyInAHeaderOfItsOwn() {
        assertThat(api.keyHeader()).isEqualTo(new KeyHeader("x-api-key", ""));
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
