package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;

/** Streams, commands and events for tests. */
final class TestStreams {
    static final InstantSource CLOCK =
            InstantSource.fixed(Instant.ofEpochMilli(1_795_000_000_000L));

    private static final Random RANDOM = new Random(7);

    private TestStreams() {}

    static StreamId mint() {
        return StreamId.mint(CLOCK, RANDOM, 0);
    }

    static Command.Start start(StreamId id) {
        return new Command.Start(
                id,
                CLOCK.millis(),
                "openai.responses",
                "openai",
                "some-model",
                JsonNodeFactory.instance.objectNode().put("model", "some-model"),
                Command.OnDisconnect.CONTINUE,
                null,
                Map.of(),
                null);
    }

    static StreamEvent event(StreamId id, long sequence, EventBody body) {
        return new StreamEvent(
                id, sequence, CLOCK.millis(), Placement.content(0, 0, "msg_1"), body);
    }

    static EventBody started(int attempt) {
        return StreamEnding.started(start(mint()), attempt);
    }

    static EventBody text(String text) {
        return new TextDelta(text, null);
    }

    static EventBody item() {
        return new ItemStarted(new Item("message", null, null, null, null, null, null, null));
    }
}
