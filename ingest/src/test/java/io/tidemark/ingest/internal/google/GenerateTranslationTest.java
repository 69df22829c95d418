package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.NeutralRequestTest;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;

class GenerateTranslationTest {
    @Test
    void saysEverythingInTheWordsOfTheApi() {
        var body =
                new GenerateApi().translate(NeutralRequestTest.read(NeutralRequestTest.EVERYTHING));

        assertThat(body)
                .isEqualTo(
                        ProviderJson.object(
                                        """
                                        {"model":"m-1","systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[
                                        {"role":"user","parts":[{"text":"What is this?"},
                                        {"fileData":{"fileUri":"https://example.org/a.png"}},
                                        {"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
                                        {"role":"model","parts":[{"text":"Let me see."},
                                        {"functionCall":{"id":"call_1","name":"look","args":{"at":1}}}]},
                                        {"role":"user","parts":[{"functionResponse":{"id":"call_1","name":"look",
                                        "response":{"output":"a cat"}}}]},
                                        {"role":"user","parts":[{"text":"Sure?"}]}],
                                        "generationConfig":{"maxOutputTokens":100,"temperature":0.5},
                                        "tools":[{"functionDeclarations":[{"name":"look","description":"Looks.",
                                        "parametersJsonSchema":{"type":"object","properties":{"at":{"type":"integer"}}}}]}]}
                                        """)
                                .orElseThrow());
        assertThat(new GenerateApi().prepare(body)).isInstanceOf(Prepared.class);
    }
}
