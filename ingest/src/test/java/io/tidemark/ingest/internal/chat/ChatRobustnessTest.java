package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Seeds;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Whatever comes, in whatever order and shape, there is one end and everything is closed. */
class ChatRobustnessTest {
    private static final int ROUNDS = 200;

    private static final List<JsonNode> ODDITIES =
            ProviderJson.value(
                            """
                            [null, true, 0, -1, 1.5, 9223372036854775807, 1e400, "", " ", "null", "error", "\\ud83d", "{",
                             [], [null], ["x"], [[]], {}, {"x": null}, {"type": "text"}, {"text": "x"}, {"error": {}},
                             {"id": "x", "function": {"name": "f", "arguments": []}}, {"url": "data:;base64,"}]
                            """)
                    .orElseThrow()
                    .valueStream()
                    .toList();

    @Test
    void framesInAnyOrderEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var pump = new Pump(new ChatApi());
            for (int i = 0; i < 40; i++) {
                pump.frame(RichStream.FRAMES.get(random.nextInt(RichStream.FRAMES.size() - 1)));
            }
            check(seed, round, pump);
        }
    }

    @Test
    void oddValuesAnywhereEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var pump = new Pump(new ChatApi());
            for (var frame : RichStream.FRAMES) {
                pump.frame(random.nextInt(4) == 0 ? odd(random, frame) : frame);
            }
            check(seed, round, pump);
        }
    }

    @Test
    void oddValuesInAWholeAnswerEndAtMostOnce() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var frame = RichStream.FRAMES.get(random.nextInt(RichStream.FRAMES.size() - 1));
            var answer =
                    ProviderJson.object(odd(random, frame.replace("\"delta\"", "\"message\"")));
            var pump = new Pump(new ChatApi());
            answer.ifPresent(json -> pump.whole(json));
            check(seed, round, pump);
        }
    }

    /* One value somewhere in the tree is another one. */
    private static String odd(Random random, String frame) {
        var json = ProviderJson.value(frame);
        if (json.isEmpty()) {
            return frame;
        }
        var root = json.get();
        var holders = new ArrayList<JsonNode>();
        collect(root, holders);
        var holder = holders.get(random.nextInt(holders.size()));
        var oddity = ODDITIES.get(random.nextInt(ODDITIES.size()));
        if (holder instanceof ArrayNode array && !array.isEmpty()) {
            array.set(random.nextInt(array.size()), oddity);
        } else if (holder instanceof ObjectNode object && !object.isEmpty()) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            object.set(names.get(random.nextInt(names.size())), oddity);
        }
        return ProviderJson.text(root);
    }

    private static void collect(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode()) {
            holders.add(node);
            node.forEach(child -> collect(child, holders));
        }
    }

    private static void check(long seed, int round, Pump pump) {
        try {
            StreamRules.check(pump.end().events());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", round " + round, e);
        }
    }
}
