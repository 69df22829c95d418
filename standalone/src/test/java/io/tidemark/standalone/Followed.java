package io.tidemark.standalone;

import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Ways in which a test follows a stream to its end; all of them refuse a hole or a repetition. */
final class Followed {
    private Followed() {}

    /** Follows a stream on one connection. */
    static List<ReceivedEvent> whole(TidemarkClient client, String id)
            throws IOException, InterruptedException {
        var assembly = new TextAssembly();
        follow(client, id, assembly, Integer.MAX_VALUE);
        return assembly.events();
    }

    /** Follows a stream over connections that are cut after random numbers of events. */
    static List<ReceivedEvent> inPieces(
            List<TidemarkClient> clients, String id, RandomGenerator random)
            throws IOException, InterruptedException {
        var assembly = new TextAssembly();
        while (!assembly.ended()) {
            var client = clients.get(random.nextInt(clients.size()));
            follow(client, id, assembly, random.nextInt(1, 12));
        }
        return assembly.events();
    }

    /** Takes in at most so many events on one connection. */
    static void follow(TidemarkClient client, String id, TextAssembly assembly, int events)
            throws IOException, InterruptedException {
        try (var stream = client.events(id, behind(assembly))) {
            for (int taken = 0; taken < events && !assembly.ended(); taken++) {
                var event = stream.next();
                if (event.isEmpty()) {
                    return;
                }
                assembly.add(event.get());
            }
        }
    }

    /** The last sequence that was taken in, if there is one. */
    static OptionalLong behind(TextAssembly assembly) {
        return assembly.tidemark() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(assembly.tidemark());
    }
}
