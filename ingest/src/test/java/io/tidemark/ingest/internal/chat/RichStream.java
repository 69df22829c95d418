package io.tidemark.ingest.internal.chat;

import java.util.List;
import java.util.stream.Collectors;

/** A stream with a bit of everything, authored. */
final class RichStream {
    static final List<String> FRAMES =
            """
            {"id":"","object":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}
            {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"reasoning_content":"Grüße "}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"reasoning":"bedenken","reasoning_details":[{"type":"reasoning.text","text":"bedenken","signature":"sig-1","index":0}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"gAAA","index":1}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"Hello \\ud83d"},"logprobs":{"content":[{"token":"x","logprob":-0.5}]},"content_filter_results":{"hate":{"filtered":false}}}]}
            {"id":"chatcmpl-1","choices":[{"index":1,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"Second"}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"\\ude00 world"}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"refusal":"No."}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"annotations":[{"type":"url_citation","url_citation":{"url":"https://example.org","title":"t","start_index":0,"end_index":5}}]}}]}
            {"id":"chatcmpl-1","citations":["https://example.com/a","https://example.com/a"],"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"","function":{"arguments":"{\\"a\\":"}}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","type":"custom","custom":{"name":"g","input":"free \\ud83d"}}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":1,"delta":{"function_call":{"name":"h","arguments":"{}"}}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"audio":{"id":"audio_1","data":"AAECA","transcript":"spo"}}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"audio":{"data":"w==","transcript":"ken"}}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"hologram":{"depth":3}}}]}
            {"type":"beam","beam":true}
            {"id":"chatcmpl-1","choices":null}
            {"id":"chatcmpl-1","choices":[{"index":1,"message":{"role":"assistant","content":"Second thought"},"finish_reason":"length"}]}
            {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
            {"id":"chatcmpl-1","choices":[],"moderation":{"input":{"results":[{"flagged":false,"categories":{"hate":false}}]},"output":{"results":[{"flagged":true,"categories":{"violence":true}}]}}}
            {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":26,"completion_tokens_details":{"reasoning_tokens":5}}}
            [DONE]
            """
                    .lines()
                    .toList();

    private RichStream() {}

    /** The stream as it stands on the wire. */
    static String text() {
        return FRAMES.stream()
                .map(frame -> "data: " + frame + "\n\n")
                .collect(Collectors.joining());
    }
}
