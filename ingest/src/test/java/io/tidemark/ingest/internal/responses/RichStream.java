package io.tidemark.ingest.internal.responses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A stream with a bit of everything, authored. */
final class RichStream {
    static final List<String> FRAMES =
            """
            {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"m-1","status":"in_progress","output":[]}}
            {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1"}}
            {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}
            {"type":"response.reasoning_summary_part.added","sequence_number":3,"output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}
            {"type":"response.reasoning_summary_text.delta","sequence_number":4,"output_index":0,"summary_index":0,"delta":"Grüße "}
            {"type":"response.reasoning_summary_text.done","sequence_number":5,"output_index":0,"summary_index":0,"text":"Grüße bedenken"}
            {"type":"response.reasoning_text.delta","sequence_number":6,"output_index":0,"content_index":0,"delta":"\\ud83d"}
            {"type":"response.reasoning_text.delta","sequence_number":7,"output_index":0,"content_index":1,"delta":"\\ude00"}
            {"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Grüße bedenken"}],"encrypted_content":"gAAA"}}
            {"type":"keepalive","sequence_number":9}
            {"type":"response.output_item.added","sequence_number":10,"output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[]}}
            {"type":"response.content_part.added","sequence_number":11,"output_index":1,"content_index":0,"part":{"type":"output_text","text":""}}
            {"type":"response.output_text.delta","sequence_number":12,"output_index":1,"content_index":0,"delta":"Hello \\ud83d","logprobs":[{"token":"x","logprob":-0.5}]}
            {"type":"response.output_text.delta","sequence_number":13,"output_index":1,"content_index":0,"delta":"\\ude00 world"}
            {"type":"response.output_text.annotation.added","sequence_number":14,"output_index":1,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://example.org","start_index":0,"end_index":5}}
            {"type":"response.output_text.delta","sequence_number":15,"output_index":1,"content_index":1,"delta":"second"}
            {"type":"response.refusal.delta","sequence_number":16,"output_index":1,"content_index":2,"delta":"No"}
            {"type":"response.beam","sequence_number":17,"beam":true}
            {"type":"response.output_item.added","sequence_number":18,"output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":""}}
            {"type":"response.function_call_arguments.delta","sequence_number":19,"output_index":2,"delta":"{\\"a\\":"}
            {"type":"response.output_item.added","sequence_number":20,"output_index":3,"item":{"type":"shell_call","id":"sh_1","call_id":"call_2","action":{"commands":[]}}}
            {"type":"response.shell_call_command.delta","sequence_number":21,"output_index":3,"command_index":0,"delta":"ls"}
            {"type":"response.function_call_arguments.done","sequence_number":22,"output_index":2,"arguments":"{\\"a\\":1}"}
            {"type":"response.code_interpreter_call_code.delta","sequence_number":23,"output_index":4,"delta":"1+"}
            {"type":"response.audio.delta","sequence_number":24,"delta":"AAECAw=="}
            {"type":"response.audio.transcript.delta","sequence_number":25,"delta":"spoken"}
            {"type":"response.image_generation_call.partial_image","sequence_number":26,"output_index":5,"partial_image_b64":"AAAA"}
            {"type":"response.output_item.added","sequence_number":27,"output_index":6,"item":{"type":"hologram","id":"h_1"}}
            {"type":"response.output_text.done","sequence_number":28,"output_index":1,"content_index":0,"text":"Hello 😀 world!"}
            {"type":"response.completed","sequence_number":29,"response":{"id":"resp_1","model":"m-1","status":"completed","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3},"output":[{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"Hello 😀 world!"},{"type":"output_text","text":"second part"},{"type":"refusal","refusal":"No."}]},{"type":"message","id":"msg_2","role":"assistant","content":[{"type":"output_text","text":"never streamed"}]}]}}
            """
                    .lines()
                    .toList();

    private RichStream() {}

    /** The stream as it stands on the wire. */
    static byte[] bytes() {
        return FRAMES.stream()
                .map(frame -> "data: " + frame + "\n\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }
}
