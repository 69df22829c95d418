package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.internal.Reply.End;
import io.tidemark.devkit.internal.Reply.Part;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;

/**
 * What the simulator answers, by the request's model; a model it does not know answers like {@code
 * sim-answer}. Stateless.
 */
public final class Scenarios {

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

    private static final List<String> THOUGHTS =
            List.of(
                    "**Looking at the question**\n\nIt asks for something, and something is known.",
                    "**Choosing the answer**\n\nThe shortest one that is true will do.");
    private static final String REFUSAL = "I'm sorry, but I can't assist with that request.";
    private static final String ARGUMENTS =
            "{\"city\":\"Reykjavík\",\"unit\":\"celsius\",\"days\":3}";

    private static final int LONG_TOKENS = 1_000;
    private static final int MAX_TOKENS = 24;
    private static final int ECHOED_CODE_POINTS = 80;
    private static final int ARGUMENT_PIECE = 3;

    private Scenarios() {}

    /**
     * The answer to a request.
     *
     * @param tokens how long it is to be, where the request says so
     * @param clock the time that {@code sim-clock} tells in a token, by its index
     */
    static Reply reply(ModelRequest request, OptionalInt tokens, LongUnaryOperator clock) {
        return switch (request.model()) {
            case "sim-unicode" -> answer(request, sized(unicode(), tokens));
            case "sim-reasoning" -> reasoning(request, tokens);
            case "sim-tool" -> tool(request);
            case "sim-refusal" ->
                    Reply.of(
                            new End.Complete(), new Part.Refusal(Speech.of(Tokens.words(REFUSAL))));
            case "sim-max-tokens" -> text(new End.CutOff(), tale(tokens.orElse(MAX_TOKENS)));
            case "sim-filter" -> text(new End.Filtered(), tale(tokens.orElse(MAX_TOKENS)));
            case "sim-clock" ->
                    Reply.of(
                            new End.Complete(),
                            new Part.Text(Speech.clock(tokens.orElse(LONG_TOKENS), clock)));
            case "sim-fail" -> failure(request, tokens);
            case "sim-long" -> answer(request, tale(tokens.orElse(LONG_TOKENS)));
            default -> answer(request, sized(echo(request), tokens));
        };
    }

    /** What is said instead, where that is too much. */
    static Reply reply(SimulatedFault.Excess excess, ModelRequest request) {
        return switch (excess) {
            case SimulatedFault.HugeFrame(_) -> text(new End.Complete(), List.of(Speech.FILLER));
            case SimulatedFault.Endless() -> endless(request);
            case SimulatedFault.ManyItems(var count) -> manyCalls(request, count);
        };
    }

    /* What comes in one piece has no tokens to go on with: there, one token has no end. */
    private static Reply endless(ModelRequest request) {
        return request.form() == ModelRequest.Form.WHOLE
                ? text(new End.Complete(), List.of(Speech.FILLER))
                : Reply.of(
                        new End.Complete(),
                        new Part.Text(Speech.endless(Tokens.words(TALE + " "))));
    }

    private static Reply manyCalls(ModelRequest request, int count) {
        var call = new Part.Call(toolName(request), Speech.of(List.of("{}")));
        return new Reply(Collections.nCopies(count, call), new End.Complete());
    }

    private static String toolName(ModelRequest request) {
        return request.toolName().isEmpty() ? "get_weather" : request.toolName();
    }

    private static Reply answer(ModelRequest request, List<String> tokens) {
        if (tokens.size() > request.outputTokensMax()) {
            return text(
                    new End.CutOff(), tokens.subList(0, Math.max(0, request.outputTokensMax())));
        }
        return text(new End.Complete(), tokens);
    }

    private static Reply text(End end, List<String> tokens) {
        return Reply.of(end, new Part.Text(Speech.of(tokens)));
    }

    private static Reply reasoning(ModelRequest request, OptionalInt tokens) {
        var thoughts = new Part.Reasoning(THOUGHTS.stream().map(Tokens::words).toList());
        var answer = answer(request, sized(echo(request), tokens));
        return Reply.of(answer.end(), thoughts, answer.parts().getFirst());
    }

    private static Reply tool(ModelRequest request) {
        var pieces = Tokens.pieces(ARGUMENTS, ARGUMENT_PIECE);
        return Reply.of(new End.Complete(), new Part.Call(toolName(request), Speech.of(pieces)));
    }

    private static Reply failure(ModelRequest request, OptionalInt tokens) {
        var all = sized(echo(request), tokens);
        var end =
                new End.Failed(
                        "server_error", "The model had an error while processing your request.");
        return text(end, all.subList(0, Math.ceilDiv(all.size(), 2)));
    }

    private static List<String> echo(ModelRequest request) {
        var prompt = request.prompt();
        var end = Math.min(ECHOED_CODE_POINTS, prompt.codePointCount(0, prompt.length()));
        var piece = prompt.substring(0, prompt.offsetByCodePoints(0, end));
        return Tokens.words("You asked: “" + piece + "”. " + TALE);
    }

    /** A tale of so many tokens; shorter ones are the beginning of longer ones. */
    public static List<String> tale(int tokens) {
        return Tokens.repeated(Tokens.words(TALE + " "), tokens);
    }

    private static List<String> unicode() {
        return Tokens.codePoints(UNICODE);
    }

    private static List<String> sized(List<String> tokens, OptionalInt count) {
        return count.isPresent() ? Tokens.repeated(tokens, count.getAsInt()) : tokens;
    }
}
