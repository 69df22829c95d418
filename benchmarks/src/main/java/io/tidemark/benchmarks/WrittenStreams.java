package io.tidemark.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One answer of the same words in each dialect, as its API puts it on the wire: a few hundred
 * pieces of about 4 characters, between what the API says before and after. Written by hand after
 * the APIs' documentation, so that figures can be had without recordings. Stateless.
 */
final class WrittenStreams {
    /** Pieces of text in each stream; Gemini sends the same text in fewer and longer ones. */
    static final int PIECES = 400;

    static final int PIECES_PER_GEMINI_CHUNK = 20;
    private static final List<String> WORDS =
            List.of(
                    " the",
                    " tide",
                    " turns",
                    " at",
                    " six",
                    ",",
                    " and",
                    " so",
                    " does",
                    " sl",
                    "ack",
                    " water",
                    ".",
                    " Gr\u00FC",
                    "\u00DFe",
                    " vom",
                    " Meer",
                    ":",
                    "\\n\\n",
                    "-");

    private WrittenStreams() {}

    /** OpenAI's Responses API. */
    static byte[] responses() {
        var item = "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",";
        var part = "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"%s\"}";
        var place = "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0";
        var live = "{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"m-1\",\"output\":[],";
        var whole = part.formatted(text());
        var message = item + "\"status\":\"completed\",\"content\":[" + whole + "]}";
        var frames = new Frames("sequence_number");
        frames.add("response.created", "\"response\":" + live + "\"status\":\"in_progress\"}");
        frames.add("response.in_progress", "\"response\":" + live + "\"status\":\"in_progress\"}");
        frames.add(
                "response.output_item.added",
                "\"output_index\":0,\"item\":"
                        + item
                        + "\"status\":\"in_progress\",\"content\":[]}");
        frames.add("response.content_part.added", place + ",\"part\":" + part.formatted(""));
        frames.pieces(
                "response.output_text.delta",
                piece -> place + ",\"delta\":\"" + piece(piece) + "\",\"logprobs\":[]");
        frames.add("response.output_text.done", place + ",\"text\":\"" + text() + "\"");
        frames.add("response.content_part.done", place + ",\"part\":" + whole);
        frames.add("response.output_item.done", "\"output_index\":0,\"item\":" + message);
        frames.add(
                "response.completed",
                "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"m-1\","
                        + "\"status\":\"completed\",\"output\":["
                        + message
                        + "],\"usage\":{\"input_tokens\":20,\"output_tokens\":400,"
                        + "\"total_tokens\":420}}");
        return frames.bytes();
    }

    /** OpenAI's Chat Completions API. */
    static byte[] chat() {
        var head =
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1795185600,"
                        + "\"model\":\"m-1\",\"system_fingerprint\":\"fp_1\",\"choices\":[";
        var choice = "{\"index\":0,\"delta\":{%s},\"logprobs\":null,\"finish_reason\":%s}";
        var frames = new Frames();
        IntFunction<String> content = piece -> "\"content\":\"" + piece(piece) + "\"";
        frames.data(
                head
                        + choice.formatted("\"role\":\"assistant\",\"content\":\"\"", "null")
                        + "],\"usage\":null}");
        for (int piece = 0; piece < PIECES; piece++) {
            frames.data(
                    head + choice.formatted(content.apply(piece), "null") + "],\"usage\":null}");
        }
        frames.data(head + choice.formatted("", "\"stop\"") + "],\"usage\":null}");
        frames.data(
                head
                        + "],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":400,"
                        + "\"total_tokens\":420}}");
        frames.data("[DONE]");
        return frames.bytes();
    }

    /** Anthropic's Messages API. */
    static byte[] anthropic() {
        var frames = new Frames();
        frames.add(
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"m-1\",\"content\":[],\"stop_reason\":null,"
                        + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":20,"
                        + "\"output_tokens\":1}}");
        frames.add(
                "content_block_start",
                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        frames.add("ping", "");
        frames.pieces(
                "content_block_delta",
                piece ->
                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                                + piece(piece)
                                + "\"}");
        frames.add("content_block_stop", "\"index\":0");
        frames.add(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                        + "\"usage\":{\"output_tokens\":400}");
        frames.add("message_stop", "");
        return frames.bytes();
    }

    /** Google's {@code streamGenerateContent} with {@code alt=sse}. */
    static byte[] gemini() {
        var frames = new Frames();
        for (int from = 0; from < PIECES; from += PIECES_PER_GEMINI_CHUNK) {
            int to = from + PIECES_PER_GEMINI_CHUNK;
            var end = to < PIECES ? "" : "\"finishReason\":\"STOP\",";
            frames.data(
                    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
                            + text(from, to)
                            + "\"}],\"role\":\"model\"},"
                            + end
                            + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":20,"
                            + "\"candidatesTokenCount\":"
                            + to
                            + ",\"totalTokenCount\":"
                            + (20 + to)
                            + "},\"modelVersion\":\"m-1\",\"responseId\":\"resp_1\"}");
        }
        return frames.bytes();
    }

    /** OpenAI's streamed transcriptions. */
    static byte[] transcription() {
        var frames = new Frames();
        for (int piece = 0; piece < PIECES; piece++) {
            frames.data("{\"type\":\"transcript.text.delta\",\"delta\":\"" + piece(piece) + "\"}");
        }
        frames.data(
                "{\"type\":\"transcript.text.done\",\"text\":\""
                        + text()
                        + "\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":20,"
                        + "\"output_tokens\":400,\"total_tokens\":420}}");
        return frames.bytes();
    }

    private static String piece(int index) {
        return WORDS.get(index % WORDS.size());
    }

    private static String text() {
        return text(0, PIECES);
    }

    private static String text(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(WrittenStreams::piece)
                .collect(Collectors.joining());
    }

    /** Frames on the wire; each may have a name, which is also its type, and a number. */
    private static final class Frames {
        private final StringBuilder stream = new StringBuilder();
        private final String numberField;
        private int count;

        Frames() {
            this("");
        }

        Frames(String numberField) {
            this.numberField = numberField;
        }

        void data(String json) {
            stream.append("data: ").append(json).append("\n\n");
            count++;
        }

        void add(String type, String fields) {
            var json = new StringJoiner(",", "{", "}").add("\"type\":\"" + type + "\"");
            if (!numberField.isEmpty()) {
                json.add("\"" + numberField + "\":" + count);
            }
            if (!fields.isEmpty()) {
                json.add(fields);
            }
            stream.append("event: ").append(type).append('\n');
            data(json.toString());
        }

        void pieces(String type, IntFunction<String> fields) {
            for (int piece = 0; piece < PIECES; piece++) {
                add(type, fields.apply(piece));
            }
        }

        byte[] bytes() {
            return stream.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
