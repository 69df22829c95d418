package io.tidemark.ingest.internal.anthropic;

import java.util.List;
import java.util.stream.Collectors;

/** A stream with a bit of everything, authored. */
final class RichStream {
    static final List<String> FRAMES =
            """
            {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1,"service_tier":"standard"}}}
            {"type":"ping"}
            {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
            {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Grüße \\ud83d"}}
            {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\\ude00 bedenken"}}
            {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EpAD"}}
            {"type":"content_block_stop","index":0}
            {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"EmwK"}}
            {"type":"content_block_stop","index":1}
            {"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","citations":[]}}
            {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hello "}}
            {"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"the sky","document_index":0,"document_title":"Sky","start_char_index":0,"end_char_index":7}}}
            {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"world"}}
            {"type":"content_block_stop","index":2}
            {"type":"content_block_start","index":3,"content_block":{"type":"server_tool_use","id":"srv_1","name":"web_search","input":{}}}
            {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}
            {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"query\\":\\"sky\\"}"}}
            {"type":"content_block_stop","index":3}
            {"type":"content_block_start","index":4,"content_block":{"type":"web_search_tool_result","tool_use_id":"srv_1","content":[{"type":"web_search_result","url":"https://example.org","title":"Sky","encrypted_content":"AA"}]}}
            {"type":"content_block_stop","index":4}
            {"type":"content_block_start","index":5,"content_block":{"type":"mcp_tool_use","id":"mcp_1","name":"ask","server_name":"wiki","input":{}}}
            {"type":"content_block_delta","index":5,"delta":{"type":"input_json_delta","partial_json":"{\\"q\\":1}"}}
            {"type":"content_block_stop","index":5}
            {"type":"content_block_start","index":6,"content_block":{"type":"mcp_tool_result","tool_use_id":"mcp_1","is_error":true,"content":[{"type":"text","text":"no"}]}}
            {"type":"content_block_stop","index":6}
            {"type":"content_block_start","index":7,"content_block":{"type":"compaction","content":null}}
            {"type":"content_block_delta","index":7,"delta":{"type":"compaction_delta","content":"So far: nothing.","encrypted_content":"BB"}}
            {"type":"content_block_stop","index":7}
            {"type":"content_block_start","index":8,"content_block":{"type":"hologram","depth":3}}
            {"type":"content_block_delta","index":8,"delta":{"type":"beam_delta","beam":true}}
            {"type":"content_block_stop","index":8}
            {"type":"content_block_start","index":9,"content_block":{"type":"fallback","from":{"model":"m-1"},"to":{"model":"m-2"}}}
            {"type":"content_block_stop","index":9}
            {"type":"content_block_start","index":10,"content_block":{"type":"tool_use","id":"toolu_1","name":"no_input","input":{},"caller":{"type":"direct"}}}
            {"type":"content_block_delta","index":10,"delta":{"type":"input_json_delta","partial_json":""}}
            {"type":"content_block_stop","index":10}
            {"type":"content_block_start","index":11,"content_block":{"type":"tool_use","id":"toolu_2","name":"f","input":{}}}
            {"type":"content_block_delta","index":11,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":"}}
            {"type":"content_block_delta","index":12,"delta":{"type":"text_delta","text":"never begun"}}
            {"type":"content_block_delta","index":11,"delta":{"type":"input_json_delta","partial_json":"1}"}}
            {"type":"content_block_stop","index":11}
            {"type":"message_rating","stars":5}
            {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"container":{"id":"container_1","expires_at":"2030-01-01T00:00:00Z"}},"usage":{"input_tokens":12,"output_tokens":40,"output_tokens_details":{"thinking_tokens":7}}}
            {"type":"message_stop"}
            """
                    .lines()
                    .toList();

    private RichStream() {}

    /** The stream as it stands on the wire. */
    static String text() {
        return FRAMES.stream()
                .map(frame -> "event: " + type(frame) + "\ndata: " + frame + "\n\n")
                .collect(Collectors.joining());
    }

    private static String type(String frame) {
        int from = frame.indexOf(":\"") + 2;
        return frame.substring(from, frame.indexOf('"', from));
    }
}
