package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Started;

/** A stream under test: says bodies one after the other, 10 ms apart, and folds them. */
final class FoldedStream {
    static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    static final long STARTED_AT = 1_000_000;

    private final ResponseFold fold = new ResponseFold();
    private long sequence;
    private long at = STARTED_AT;

    /** A stream that has said its start. */
    static FoldedStream started() {
        return new FoldedStream()
                .say(
                        new Started(
                                "openai",
                                "gpt-5.2",
                                "openai.responses",
                                null,
                                1,
                                null,
                                null,
                                null,
                                null));
    }

    FoldedStream say(EventBody body) {
        return say(Placement.NONE, body);
    }

    /** Says something of an item as a whole. */
    FoldedStream say(int outputIndex, EventBody body) {
        return say(Placement.item(outputIndex, null), body);
    }

    /** Says something of one part of an item. */
    FoldedStream say(int outputIndex, int contentIndex, EventBody body) {
        return say(Placement.content(outputIndex, contentIndex, null), body);
    }

    FoldedStream say(Placement placement, EventBody body) {
        fold.add(1, new StreamEvent(ID, sequence++, at, placement, body));
        at += 10;
        return this;
    }

    FoldedStream text(int outputIndex, int contentIndex, String text) {
        return say(outputIndex, contentIndex, new TextDelta(text, null));
    }

    /** Lets time pass before the next event; a negative time is a clock that was set back. */
    FoldedStream after(long millis) {
        at += millis;
        return this;
    }

    Response response() {
        return fold.response().orElseThrow();
    }

    Response.Item item(int position) {
        return response().items().get(position);
    }

    UsageRow row() {
        return fold.usageRow().orElseThrow();
    }

    ResponseFold fold() {
        return fold;
    }
}
