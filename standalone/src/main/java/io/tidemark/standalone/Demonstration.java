package io.tidemark.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The main job, shown and checked: a stream is started on one edge and followed live, the
 * connection is cut in the middle, another edge continues from the last sequence, and the text that
 * the client put together is compared with what the projector folded from the log.
 *
 * <p>Confined to the thread that runs it.
 */
final class Demonstration {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIALECT = "openai.responses";
    private static final int CUT_AFTER_EVENTS = 25;

    private final TidemarkClient first;
    private final TidemarkClient second;
    private final PrintWriter out;
    private final TextAssembly assembly = new TextAssembly();

    Demonstration(TidemarkClient first, TidemarkClient second, PrintWriter out) {
        this.first = first;
        this.second = second;
        this.out = out;
    }

    /** Shows everything; true only if all that was received and folded agrees. */
    boolean run(String model, String prompt) throws IOException, InterruptedException {
        say("\u2460 start a stream on the first edge (model " + model + ")");
        var id =
                first.start(
                        DIALECT, JSON.createObjectNode().put("model", model).put("input", prompt));
        say("  stream " + id);

        say("\u2461 follow it live\n");
        follow(first, id, CUT_AFTER_EVENTS);
        say("\n\n\u2702  connection cut; the last sequence seen is " + assembly.tidemark());

        say("\u2462 continue on the second edge with Last-Event-ID: " + assembly.tidemark() + "\n");
        follow(second, id, Integer.MAX_VALUE);

        say("\n\n\u2463 compare");
        var response = second.response(id, assembly.tidemark());
        var claims =
                List.of(
                        new Claim(
                                "the stream has ended, with one terminal event", assembly.ended()),
                        new Claim(
                                "sequences 0 to %d, none missing, none twice"
                                        .formatted(assembly.tidemark()),
                                gapless()),
                        new Claim("the other edge replays the same bytes", sameOnReplay(id)),
                        new Claim(
                                "the projector's text is what the client put together",
                                text(response).equals(assembly.text())),
                        new Claim(
                                "the projector has folded to the same sequence",
                                response.path("lastSequence").asLong() == assembly.tidemark()),
                        new Claim(
                                "the projector's usage is the provider's last word",
                                usageAgrees(response)));
        claims.forEach(claim ->
                say("  %s %s".formatted(claim.holds() ? "\u2714" : "\u2718", claim.text())));
        say(summary(response));
        return claims.stream().allMatch(Claim::holds);
    }

    private record Claim(String text, boolean holds) {}

    private void follow(TidemarkClient client, String id, int events)
            throws IOException, InterruptedException {
        var after =
                assembly.tidemark() < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(assembly.tidemark());
        try (var stream = client.events(id, after)) {
            for (int received = 0; received < events && !assembly.ended(); received++) {
                var event = stream.next();
                if (event.isEmpty()) {
                    return;
                }
                out.print(assembly.add(event.get()));
                out.flush();
            }
        }
    }

    private boolean gapless() {
        var events = assembly.events();
        return IntStream.range(0, events.size()).allMatch(i -> events.get(i).sequence() == i);
    }

    private boolean sameOnReplay(String id) throws IOException, InterruptedException {
        var replay = new TextAssembly();
        try (var stream = first.events(id, OptionalLong.empty())) {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                replay.add(event.get());
            }
        }
        return replay.events().equals(assembly.events());
    }

    private boolean usageAgrees(JsonNode response) {
        var usage =
                Optional.of(assembly.events().getLast())
                        .map(TextAssembly::json)
                        .map(terminal -> terminal.path("usage"));
        return usage.isPresent()
                && usage.get().isObject()
                && usage.get().equals(response.path("usage"));
    }

    private static String text(JsonNode response) {
        var text = new StringBuilder();
        for (var item : response.path("items")) {
            for (var part : item.path("content")) {
                if (part.path("type").asText().equals("text")) {
                    text.append(part.path("text").asText());
                }
            }
        }
        return text.toString();
    }

    private static String summary(JsonNode response) {
        var usage = response.path("usage");
        var timings = response.path("timings");
        return "\n%s, %s; tokens: %d in, %d out; first content after %d ms, all after %d ms"
                .formatted(
                        response.path("status").asText(),
                        response.path("finishReason").asText(),
                        usage.path("input").asLong(),
                        usage.path("output").asLong(),
                        timings.path("timeToFirstContentMs").asLong(),
                        timings.path("totalMs").asLong());
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
