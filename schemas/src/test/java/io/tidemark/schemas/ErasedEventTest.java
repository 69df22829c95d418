package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an erased event keeps, over seeded random ones of every type. */
final class ErasedEventTest {
    /* Everything that may be left, beside the envelope; usage are figures. */
    private static final Set<String> LEFT =
            Set.of(
                    "provider",
                    "model",
                    "api",
                    "attempt",
                    "tenant",
                    "status",
                    "text",
                    "usage",
                    "kind",
                    "complete",
                    "outcome",
                    "finishReason",
                    "code",
                    "message",
                    "retryable");

    private static final Set<String> ENVELOPE =
            Set.of("schemaVersion", "type", "requestId", "sequence", "at", "final");

    @Test
    void foldsToTheSameLedgerRow() {
        Seeds.forEach(
                500,
                any -> {
                    var events = any.stream(60);
                    int from = any.values().random.nextInt(events.size() + 1);
                    var whole = new ResponseFold();
                    var erased = new ResponseFold();
                    for (var event : events) {
                        whole.add(1, event);
                        erased.add(1, event.sequence() < from ? event : erased(event));
                    }

                    assertThat(row(erased)).isEqualTo(row(whole));
                });
    }

    @Test
    void keepsItsPlaceInTheStream() {
        Seeds.forEach(
                1000,
                any -> {
                    var event = any.event();

                    assertThat(ErasedEvent.of(event))
                            .isEqualTo(ErasedEvent.of(EventCodec.encode(event)));
                    assertThat(erased(event))
                            .returns(event.requestId(), StreamEvent::requestId)
                            .returns(event.sequence(), StreamEvent::sequence)
                            .returns(event.at(), StreamEvent::at)
                            .returns(event.terminal(), StreamEvent::terminal);
                });
    }

    @Test
    void keepsNoFieldThatTheRowDoesNotNeed() {
        Seeds.forEach(
                2000,
                any -> {
                    var left = Json.object(ErasedEvent.of(EventCodec.encode(any.event())));

                    left.properties().stream()
                            .filter(field -> !ENVELOPE.contains(field.getKey()))
                            .forEach(field -> {
                                assertThat(LEFT).contains(field.getKey());
                                assertSaysNothing(field);
                            });
                });
    }

    private static void assertSaysNothing(Map.Entry<String, JsonNode> field) {
        if (Set.of("text", "message").contains(field.getKey())) {
            assertThat(field.getValue().textValue()).isEmpty();
        }
    }

    @Test
    void erasingTwiceIsErasingOnce() {
        Seeds.forEach(
                1000,
                any -> {
                    var once = ErasedEvent.of(EventCodec.encode(any.event()));

                    assertThat(ErasedEvent.of(once)).isEqualTo(once);
                });
    }

    @Test
    void keepsAnEndThatCannotBeReadAsOne() {
        var failed = json(Failed.of(ErrorCode.ABORTED, "words", true));
        failed.remove("code");
        failed.put("extra", "words");
        var foreign = json(new TextDelta("words", null));
        foreign.put("type", "hologram.ended").put("final", true);

        assertThat(List.of(failed, foreign)).allSatisfy(ErasedEventTest::assertSameRow);
    }

    @Test
    void leavesNothingOfWhatIsNoEvent() {
        assertThat(ErasedEvent.of("not JSON".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(ErasedEvent.of(new byte[0])).isEmpty();
        assertThat(ErasedEvent.of("{\"text\":\"x\"}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    private static void assertSameRow(ObjectNode end) {
        var left = ErasedEvent.of(Json.bytes(end));
        assertThat(new String(left, StandardCharsets.UTF_8)).doesNotContain("words");
        var whole = started();
        var erased = started();
        whole.add(1, EventCodec.decode(end));
        erased.add(1, EventCodec.decode(left));
        assertThat(row(erased)).isEqualTo(row(whole));
    }

    private static ResponseFold started() {
        var fold = new ResponseFold();
        var start = new Started("openai", "gpt-5", null, null, 1, null, null, "acme", null);
        fold.add(1, new StreamEvent(FoldedStream.ID, 0, 1_000, Placement.NONE, start));
        return fold;
    }

    private static ObjectNode json(EventBody body) {
        return Json.object(
                EventCodec.encode(
                        new StreamEvent(FoldedStream.ID, 1, 2_000, Placement.NONE, body)));
    }

    private static StreamEvent erased(StreamEvent event) {
        return EventCodec.decode(ErasedEvent.of(EventCodec.encode(event)));
    }

    private static byte[] row(ResponseFold fold) {
        return ResponseCodec.encode(fold.usageRow().orElseThrow());
    }
}
