package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.NeutralRequestTest;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;

class MessagesTranslationTest {
    @Test
    void saysEverythingInTheWordsOfTheApi() {
        var body =
                new MessagesApi().translate(NeutralRequestTest.read(NeutralRequestTest.EVERYTHING));

        assertThat(body)
                .isEqualTo(
                        ProviderJson.object(
                                        """
                                        {"model":"m-1","max_tokens":100,"system":"Be brief.","messages":[
                                        {"role":"user","content":[{"type":"text","text":"What is this?"},
                                        {"type":"image","source":{"type":"url","url":"https://example.org/a.png"}},
                                        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                                        {"role":"assistant","content":[{"type":"text","text":"Let me see."},
                                        {"type":"tool_use","id":"call_1","name":"look","input":{"at":1}}]},
                                        {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"a cat"}]},
                                        {"role":"user","content":[{"type":"text","text":"Sure?"}]}],
                                        "temperature":0.5,
                                        "tools":[{"name":"look","description":"Looks.",
                                        "input_schema":{"type":"object","properties":{"at":{"type":"integer"}}}}]}
                                        """)
                                .orElseThrow());
        assertThat(new MessagesApi().prepare(body)).isInstanceOf(Prepared.class);
    }

    @Test
    void givesTheLimitThatTheApiAsksForWhereTheCallerGivesNone() {
        var body =
                new MessagesApi()
                        .translate(NeutralRequestTest.read("{\"model\":\"m\",\"input\":\"x\"}"));

        assertThat(body.path("max_tokens").asInt())
                .isEqualTo(MessagesTranslation.OUTPUT_TOKENS_DEFAULT);
    }
}
