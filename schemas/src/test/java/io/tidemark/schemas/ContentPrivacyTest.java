package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;

/** No text, media, link or label of a caller gets into a log by way of {@code toString}. */
class ContentPrivacyTest {
    @ParameterizedTest
    @EnumSource(EventType.class)
    void noBodyShowsItsContent(EventType type) {
        Seeds.forEach(
                100,
                any -> {
                    var event = any.event(type, 0);

                    assertShowsNothing(event);
                    assertShowsNothing(event.body());
                    assertPartsShowNothing(event.body());
                });
    }

    @Test
    void noUnknownEventShowsItsContent() {
        Seeds.forEach(
                100,
                any -> {
                    var raw = Json.object(EventCodec.encode(any.event()));
                    assertShowsNothing(EventCodec.decode(raw.put("type", "hologram.delta")));
                });
    }

    @Test
    void noResponseOrLedgerRowShowsItsContent() {
        Seeds.forEach(
                100,
                any -> {
                    var fold = new ResponseFold();
                    any.stream(60).forEach(event -> fold.add(1, event));

                    assertPartsShowNothing(fold.response().orElseThrow());
                    assertShowsNothing(fold.response().orElseThrow());
                    assertShowsNothing(fold.usageRow().orElseThrow());
                });
    }

    @Test
    void noCommandShowsThePromptOrTheLabels() {
        Seeds.forEach(
                100,
                any -> {
                    var values = any.values();
                    assertShowsNothing(
                            new Command.Start(
                                    NoisyLog.ID,
                                    1,
                                    "openai.responses",
                                    "openai",
                                    "gpt-5.2",
                                    values.object(),
                                    Command.OnDisconnect.CONTINUE,
                                    null,
                                    values.metadata(),
                                    null));
                });
    }

    @Test
    void noRecordOfTheLogShowsItsValue() {
        Seeds.forEach(
                100,
                any -> {
                    var value = EventCodec.encode(any.event());
                    var headers = new EventHeaders("text.delta", 1, Attempt.first(0), null);
                    assertShowsNothing(new EventRecord.Entry(NoisyLog.ID, headers, value));
                });
    }

    private static void assertShowsNothing(Object value) {
        assertThat(value.toString()).doesNotContain(RandomValues.CANARY);
    }

    /* Records inside records may be logged by themselves. Trees and maps are the content itself. */
    private static void assertPartsShowNothing(Object value) {
        switch (value) {
            case Record record -> {
                assertShowsNothing(record);
                for (var component : record.getClass().getRecordComponents()) {
                    assertPartShowsNothing(valueOf(record, component));
                }
            }
            case Map<?, ?> _ -> {}
            case JsonNode _ -> {}
            case Collection<?> parts -> parts.forEach(ContentPrivacyTest::assertPartsShowNothing);
            default -> {}
        }
    }

    private static void assertPartShowsNothing(@Nullable Object part) {
        if (part != null) {
            assertPartsShowNothing(part);
        }
    }

    private static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
