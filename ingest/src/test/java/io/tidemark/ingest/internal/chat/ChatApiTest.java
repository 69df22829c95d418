package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatApiTest {
    private final ChatApi api = new ChatApi();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','messages':[{}]} | {'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':true}}",
                "{'model':'m','messages':[{}],'stream':false} | {'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':true}}",
                "{'model':'m','messages':[{}],'stream_options':null} | {'model':'m','messages':[{}],'stream':true}",
                "{'model':'m','messages':[{}],'stream_options':{'include_usage':false}} | {'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':false}}",
                "{'model':'m','messages':[{}],'stream_options':{'other':1}} | {'model':'m','messages':[{}],'stream':true,'stream_options':{'other':1,'include_usage':true}}",
                "{'model':'m','messages':[{}],'temperature':0.10,'new':{'x':[]}} | {'model':'m','messages':[{}],'temperature':0.10,'new':{'x':[]},'stream':true,'stream_options':{'include_usage':true}}"
            })
    void addsWhatStreamingNeedsAndLeavesTheRest(String request, String sent) {
        var body = ProviderJson.object(json(request)).orElseThrow();
        var original = body.deepCopy();

        assertThat(api.prepare(body))
                .isEqualTo(
                        new Prepared(
                                "/chat/completions",
                                "m",
                                ProviderJson.object(json(sent)).orElseThrow()));
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
                "{'messages':[{}]} | request.model",
                "{'model':'','messages':[{}]} | request.model",
                "{'model':' ','messages':[{}]} | request.model",
                "{'model':7,'messages':[{}]} | request.model",
                "{'model':'m'} | request.messages",
                "{'model':'m','messages':[]} | request.messages",
                "{'model':'m','messages':'hi'} | request.messages",
                "{'model':'m','messages':null} | request.messages",
                "{'model':'m','messages':[{}],'stream_options':true} | request.stream_options"
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
    void sendsTheKeyAsABearer() {
        assertThat(api.name()).isEqualTo("openai.chat");
        assertThat(api.keyHeader()).isEqualTo(KeyHeader.BEARER);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
