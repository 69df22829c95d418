package io.tidemark.ingest.internal.google;

import java.util.List;
import java.util.stream.Collectors;

/** A stream with a bit of everything, authored. */
final class RichStream {
    static final List<String> CHUNKS =
            """
            {"candidates":[{"content":{"parts":[{"text":"Grüße ","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"trafficType":"ON_DEMAND","serviceTier":"standard"},"modelVersion":"gemini-x","responseId":"r1"}
            {"candidates":[{"content":{"parts":[{"text":"bedenken","thought":true,"thoughtSignature":"c2lnMQ=="}],"role":"model"},"index":0},{"content":{"parts":[{"text":"Other"}],"role":"model"},"index":1}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}
            {"candidates":[{"content":{"parts":[{"text":"Hello \\ud83d"}],"role":"model"},"logprobsResult":{"chosenCandidates":[{"token":"Hello","logProbability":-0.5}]}}]}
            {"candidates":[{"content":{"parts":[{"text":"\\ude00 world"}],"role":"model"},"citationMetadata":{"citationSources":[{"startIndex":0,"endIndex":5,"uri":"https://example.org","license":"MIT"}]}}]}
            {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1.50,"b":"ü"}},"thoughtSignature":"c2lnMg=="},{"functionCall":{"id":"fc_9","name":"f","args":{}}}],"role":"model"}}]}
            {"candidates":[{"content":{"parts":[{"functionCall":{"name":"cook","willContinue":true},"thoughtSignature":"c2lnMw=="}],"role":"model"}}]}
            {"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.recipe.steps[0]","stringValue":"Boil ","willContinue":true}],"willContinue":true}}]}}]}
            {"candidates":[{"content":{"parts":[{"text":"meanwhile"}]}}]}
            {"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.recipe.steps[0]","stringValue":"water"},{"jsonPath":"$.recipe.serves","numberValue":4},{"jsonPath":"$.vegan","boolValue":true},{"jsonPath":"$['a note']","nullValue":"NULL_VALUE"}],"willContinue":true}}]}}]}
            {"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}
            {"candidates":[{"content":{"parts":[{"executableCode":{"language":"PYTHON","code":"print(1)\\n"}}]}}]}
            {"candidates":[{"content":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\\n"}}]}}]}
            {"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}},{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AAECAw=="}},{"inlineData":{"mimeType":"audio/mpeg","data":"AAEC"},"audioTranscription":{"text":"spoken"}}]}}]}
            {"candidates":[{"content":{"parts":[{"fileData":{"mimeType":"image/jpeg","fileUri":"gs://b/o"}},{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/p"}}]}}]}
            {"candidates":[{"content":{"parts":[{"toolCall":{"id":"t1","toolType":"GOOGLE_SEARCH_WEB","args":{"q":"x"}}},{"toolResponse":{"id":"t1","toolType":"GOOGLE_SEARCH_WEB","response":{"hits":2}}}]}}]}
            {"candidates":[{"content":{"parts":[{"hologram":{"depth":3}}]},"safetyRatings":[{"category":"HARM_CATEGORY_HATE_SPEECH","probability":"LOW"},{"category":"HARM_CATEGORY_HARASSMENT","probability":"HIGH","blocked":true}]}]}
            {"candidates":[{"content":{"parts":[{"text":"Sourced."}]},"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a.example","title":"A","domain":"a.example"}},{"retrievedContext":{"uri":"gs://b/d","title":"D","text":"found"}}],"groundingSupports":[{"segment":{"endIndex":7,"text":"Sourced"},"groundingChunkIndices":[0]}]},"urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"https://c.example","urlRetrievalStatus":"URL_RETRIEVAL_STATUS_SUCCESS"}]}}]}
            {"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"c2lnNA=="}]},"finishReason":"STOP","index":0},{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":1}]}
            {"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":7,"thoughtsTokenCount":11,"toolUsePromptTokenCount":3,"totalTokenCount":26}}
            """
                    .lines()
                    .toList();

    private RichStream() {}

    /** The stream as it stands on the wire. */
    static String text() {
        return CHUNKS.stream()
                .map(chunk -> "data: " + chunk + "\r\n\r\n")
                .collect(Collectors.joining());
    }

    /** The same as one JSON array. */
    static String array() {
        return CHUNKS.stream().collect(Collectors.joining("\n,\r\n", "[", "\n]\n"));
    }
}
