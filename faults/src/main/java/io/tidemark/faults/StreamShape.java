package io.tidemark.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Random;

/**
 * What is asked of the provider, and what its client means to do. Immutable.
 *
 * @param firstToken how long the provider thinks
 * @param tokens how many it sends
 * @param token how long each takes
 * @param cancelAfter when the client cancels, counted from its start; absent if it does not
 * @param forReaders whether it is to be cancelled when nobody reads it any more
 * @param background whether the provider is to go on by itself, whoever listens
 */
record StreamShape(
        Duration firstToken,
        int tokens,
        Duration token,
        @Nullable Duration cancelAfter,
        boolean forReaders,
        boolean background) {
    /** How long a stream goes on without a reader: what workers have by default. */
    static final Duration DISCONNECT_GRACE = Duration.ofSeconds(30);

    /** What is asked of the provider's models. */
    static final String MODEL = "sim-long";

    private static final ObjectMapper JSON = new ObjectMapper();

    /* Of a hundred streams. */
    private static final int SHORT = 50;
    private static final int MEDIUM = 35;
    private static final int CANCELLED = 10;
    private static final int FOR_READERS = 30;
    private static final int BACKGROUND = 30;
    /* So long that a worker may die before there is content: the provider is asked again then. */
    private static final int THOUGHTFUL = 8;

    private static final int THINKS_MS_MIN = 4_000;
    private static final int THINKS_MS_MAX = 12_000;

    /** The longest time that a provider thinks. */
    static final Duration THINKS_MAX = Duration.ofMillis(THINKS_MS_MAX);

    private static final int LONG_TOKEN_MS = 200;
    private static final int INPUT_TOKENS_MAX = 17;

    /**
     * Draws one: half of them short, some of ten seconds, some as long as is allowed.
     *
     * @param longest of a long one
     */
    static StreamShape draw(Random random, Duration longest) {
        int kind = random.nextInt(100);
        int thinkMs =
                random.nextInt(100) < THOUGHTFUL
                        ? random.nextInt(THINKS_MS_MIN, THINKS_MS_MAX)
                        : random.nextInt(0, 1_000);
        int tokens;
        int tokenMs;
        if (kind < SHORT) {
            tokens = random.nextInt(5, 30);
            tokenMs = 20;
        } else if (kind < SHORT + MEDIUM) {
            tokens = random.nextInt(60, 200);
            tokenMs = 50;
        } else {
            tokens = (int) (longest.toMillis() / LONG_TOKEN_MS);
            tokenMs = LONG_TOKEN_MS;
        }
        int lastsMs = thinkMs + tokens * tokenMs;
        var cancelAfter =
                random.nextInt(100) < CANCELLED
                        ? Duration.ofMillis(random.nextInt(100, 100 + lastsMs))
                        : null;
        return new StreamShape(
                Duration.ofMillis(thinkMs),
                tokens,
                Duration.ofMillis(tokenMs),
                cancelAfter,
                random.nextInt(100) < FOR_READERS,
                random.nextInt(100) < BACKGROUND);
    }

    /** How long it takes when nothing goes wrong. */
    Duration lasts() {
        return firstToken.plus(token.multipliedBy(tokens));
    }

    /* Of several lengths, for each token of it is counted. */
    private String input() {
        return ProviderSimulator.longAnswer(1 + tokens % INPUT_TOKENS_MAX);
    }

    /** The text that the provider answers with, if it is not cut off. */
    String text() {
        return ProviderSimulator.longAnswer(tokens);
    }

    /** The body of the request that starts it. */
    ObjectNode request() {
        var start = JSON.createObjectNode().put("api", "openai.responses");
        if (forReaders) {
            start.put("onDisconnect", "cancel");
        }
        var request = start.putObject("request").put("model", MODEL).put("input", input());
        if (background) {
            request.put("background", true);
        }
        request.putObject("metadata")
                .put("sim_ttft_ms", Long.toString(firstToken.toMillis()))
                .put("sim_token_ms", Long.toString(token.toMillis()))
                .put("sim_tokens", Integer.toString(tokens));
        return start;
    }
}
