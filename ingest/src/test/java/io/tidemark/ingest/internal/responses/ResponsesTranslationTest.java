package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.NeutralRequestTest;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;

class ResponsesTranslationTest {
    @Test
    void saysEverythingInTheWordsOfTheApi() {
        var body =
                new ResponsesApi()
                        .translate(NeutralRequestTest.read(NeutralRequestTest.EVERYTHING));

        assertThat(body)
                .isEqualTo(
                        ProviderJson.object(
                                        """
                                        {"model":"m-1","instructions":"Be brief.","input":[
                                        {"type":"message","role":"user","content":[
                                        {"type":"input_text","text":"What is this?"},
                                        {"type":"input_image","image_url":"https://example.org/a.png"},
                                        {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
                                        {"type":"message","role":"assistant","content":[
                                        {"type":"output_text","text":"Let me see."}]},
                                        {"type":"function_call","call_id":"call_1","name":"look","arguments":"{\\"at\\":1}"},
                                        {"type":"function_call_output","call_id":"call_1","output":"a cat"},
                                        {"type":"message","role":"user","content":[{"type":"input_text","text":"Sure?"}]}],
                                        "max_output_tokens":100,"temperature":0.5,
                                        "tools":[{"type":"function","name":"look","strict":false,"description":"Looks.",
                                        "parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}]}
                                        """)
                                .orElseThrow());
        assertThat(new ResponsesApi().prepare(body)).isInstanceOf(Prepared.class);
    }
}
