package io.tidemark.devkit.internal;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the simulator answers, by the request's model; a model it does not know answers like {@code
 * sim-answer}. Stateless.
 */
final class Scenarios {

    private static final String TALE =
            """
            The tide comes in twice a day and asks nobody for leave. It fills the harbour, lifts \
            the boats, and writes a line along the wall: so far, and no further. Whoever walked \
            away in between finds the line when they return, and reads on from there. Nothing is \
            lost, nothing is told twice.\
            """;

    /* What decoders trip over: combining marks, joined emoji and flags that come apart into deltas,
     * right to left, line separators that are none in SSE, a byte order mark, and text that looks
     * like a frame. */
    private static final String UNICODE =
            "Grüße, Ελλάδα, Привет, שלום, مرحبا, नमस्ते, สวัสดี, 안녕하세요, 你好, こんにちは! "
                    + "e\u0301a\u0308o\u0302 z\u0335\u0322a\u0336l\u0337g\u0338o\u0315 "
                    + "👩\u200d💻 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 🇮🇸🇯🇵 "
                    + "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 🀄 \u202eesrever\u202c "
                    + "a\u2028b\u2029c\u0085d\ufeffe\u0000f\u007fg "
                    + "\"quoted\" back\\slash tab\t cr\r lf\n crlf\r\n\n\n"
                    + "data: [DONE]\n\nevent: response.completed\n\n";

    private static final int LONG_TOKENS = 1_000;
    private static final int MAX_TOKENS = 24;
    private static final int ECHOED_CODE_POINTS = 80;
    private static final int ARGUMENT_PIECE = 3;

    private Scenarios() {}

    /**
     * The answer to a request.
     *
     * @param tokens how long it is to be, where the request says so
     */
    static Script script(ScriptBuilder script, ResponsesRequest request, OptionalInt tokens) {
        return switch (request.model()) {
            case "sim-unicode" -> answer(script, request, sized(unicode(), tokens));
            case "sim-reasoning" -> reasoning(script, request, tokens);
            case "sim-tool" -> tool(script, request);
            case "sim-refusal" -> refusal(script);
            case "sim-max-tokens" ->
                    script.unfinishedMessage(
                                    sized(words(), OptionalInt.of(tokens.orElse(MAX_TOKENS))))
                            .incomplete("max_output_tokens");
            case "sim-clock" -> script.clockMessage(tokens.orElse(LONG_TOKENS), System::nanoTime);
            case "sim-fail" -> failure(script, request, tokens);
            case "sim-long" ->
                    answer(
                            script,
                            request,
                            sized(words(), OptionalInt.of(tokens.orElse(LONG_TOKENS))));
            default -> answer(script, request, sized(echo(request), tokens));
        };
    }

    private static Script answer(
            ScriptBuilder script, ResponsesRequest request, List<String> tokens) {
        if (tokens.size() > request.outputTokensMax()) {
            return script.unfinishedMessage(
                            tokens.subList(0, Math.max(0, request.outputTokensMax())))
                    .incomplete("max_output_tokens");
        }
        return script.message(tokens).complete();
    }

    private static Script reasoning(
            ScriptBuilder script, ResponsesRequest request, OptionalInt tokens) {
        var first = "**Looking at the question**\n\nIt asks for something, and something is known.";
        var second = "**Choosing the answer**\n\nThe shortest one that is true will do.";
        script.reasoning(List.of(Tokens.words(first), Tokens.words(second)));
        return answer(script, request, sized(echo(request), tokens));
    }

    private static Script tool(ScriptBuilder script, ResponsesRequest request) {
        var arguments = "{\"city\":\"Reykjavík\",\"unit\":\"celsius\",\"days\":3}";
        return script.functionCall(
                        request.toolName("get_weather"), Tokens.pieces(arguments, ARGUMENT_PIECE))
                .complete();
    }

    private static Script refusal(ScriptBuilder script) {
        return script.refusal(Tokens.words("I'm sorry, but I can't assist with that request."))
                .complete();
    }

    private static Script failure(
            ScriptBuilder script, ResponsesRequest request, OptionalInt tokens) {
        var all = sized(echo(request), tokens);
        return script.brokenMessage(all.subList(0, Math.ceilDiv(all.size(), 2)))
                .fail("server_error", "The model had an error while processing your request.");
    }

    private static List<String> echo(ResponsesRequest request) {
        var prompt = request.prompt();
        var end = Math.min(ECHOED_CODE_POINTS, prompt.codePointCount(0, prompt.length()));
        var piece = prompt.substring(0, prompt.offsetByCodePoints(0, end));
        return Tokens.words("You asked: “" + piece + "”. " + TALE);
    }

    private static List<String> words() {
        return Tokens.words(TALE + " ");
    }

    private static List<String> unicode() {
        return Tokens.codePoints(UNICODE);
    }

    private static List<String> sized(List<String> tokens, OptionalInt count) {
        return count.isPresent() ? Tokens.repeated(tokens, count.getAsInt()) : tokens;
    }
}
