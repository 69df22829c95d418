package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.NeutralRequestTest;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;

class ChatTranslationTest {
    @Test
    void saysEverythingInTheWordsOfTheApi() {
        var body = new ChatApi().translate(NeutralRequestTest.read(NeutralRequestTest.EVERYTHING));

        assertThat(body)
                .isEqualTo(
                        ProviderJson.object(
                                        """
                                        {"model":"m-1","messages":[{"role":"system","content":"Be brief."},
                                        {"role":"user","content":[{"type":"text","text":"What is this?"},
                                        {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},
                                        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
                                        {"role":"assistant","content":"Let me see.","tool_calls":[
                                        {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"at\\":1}"}}]},
                                        {"role":"tool","tool_call_id":"call_1","content":"a cat"},
                                        {"role":"user","content":"Sure?"}],
                                        "max_tokens":100,"temperature":0.5,
                                        "tools":[{"type":"function","function":{"name":"look","description":"Looks.",
                                        "parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}}]}
                                        """)
                                .orElseThrow());
        assertThat(new ChatApi().prepare(body)).isInstanceOf(Prepared.class);
    }
}
