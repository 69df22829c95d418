package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.BoundedResult;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

final class ResultsTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static final int BYTES_MAX = BoundedResult.BYTES_MAX_MIN;
    private static final String LONG = "long ".repeat(BYTES_MAX);

    /** JSON makes six bytes of each of its characters. */
    private static final String CONTROL = "\u0001".repeat(10_000);

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ProjectorMetrics metrics = new ProjectorMetrics(meters, InstantSource.system());
    private final Costs unpriced = new Costs(PriceTable.NONE, metrics);

    @Test
    void leavesOutTheContentThatNoTopicWouldTake() {
        var both = results().of(terminal(), Progress.NONE, folded(saying(LONG)), 0).orElseThrow();

        var response = ResponseCodec.decode(both.response().orElseThrow().value());
        assertThat(response.items()).isEmpty();
        assertThat(response.warnings()).containsExactly(BoundedResult.CONTENT_TOO_LARGE);
        assertThat(response.usage()).isNotNull();
        assertThat(response.requestedModel()).isEqualTo("gpt-5");
        assertThat(ResponseCodec.decodeUsage(both.usage().value()).usage()).isNotNull();
    }

    @Test
    void cutsTheStringsThatNoTopicWouldTake() {
        var both = results().of(terminal(), Progress.NONE, folded(started(LONG)), 0).orElseThrow();

        var cut = LONG.substring(0, BoundedResult.CHARS_MAX);
        assertThat(ResponseCodec.decode(both.response().orElseThrow().value()))
                .returns(cut, Response::requestedModel)
                .returns(cut, Response::model)
                .returns(List.of(BoundedResult.CONTENT_TOO_LARGE), Response::warnings);
        assertThat(ResponseCodec.decodeUsage(both.usage().value()))
                .returns(cut, UsageRow::requestedModel)
                .returns(cut, UsageRow::model)
                .returns("openai", UsageRow::provider)
                .extracting(UsageRow::usage)
                .isNotNull();
        assertThat(oversized()).isEqualTo(1 + 1);
    }

    @Test
    void leavesOutTheRawUsageThatNoTopicWouldTake() {
        var raw = new ObjectMapper().createObjectNode().put("note", LONG);

        var both = results().of(terminal(), Progress.NONE, folded(ended(raw)), 0).orElseThrow();

        var expected = usage(null);
        assertThat(ResponseCodec.decode(both.response().orElseThrow().value()).usage())
                .isEqualTo(expected);
        assertThat(ResponseCodec.decodeUsage(both.usage().value()).usage()).isEqualTo(expected);
    }

    @Test
    void fitWhateverTheEventsHold() {
        var everything = new ArrayList<StreamEvent>();
        everything.add(at(0, longStart()));
        everything.add(at(1, new Status("queued", CONTROL, CONTROL, CONTROL, null, CONTROL)));
        for (int sequence = 2; sequence < 150; sequence++) {
            everything.add(at(sequence, new Warning(CONTROL, CONTROL, CONTROL)));
        }
        everything.add(at(150, longFailure()));

        var both = results().of(terminal(), Progress.NONE, folded(everything), 0).orElseThrow();

        var response = both.response().orElseThrow().value();
        assertThat(response).hasSizeLessThan(BoundedResult.BYTES_MAX_MIN);
        assertThat(both.usage().value()).hasSizeLessThan(BoundedResult.BYTES_MAX_MIN);
        assertThat(ResponseCodec.decode(response).metadata())
                .hasSize(BoundedResult.LABELS_MAX)
                .containsKey("000" + CONTROL.substring(0, BoundedResult.CHARS_MAX - 3));
    }

    @Test
    void haveTheHeadersThatTheirSchemaSays() throws IOException {
        var both = results().of(terminal(), Progress.NONE, folded(), 0).orElseThrow();

        for (var record : List.of(both.response().orElseThrow(), both.usage())) {
            var names = new TreeSet<String>();
            record.headers().forEach(header -> names.add(header.key()));
            assertThat(names).isEqualTo(headersInSchema());
        }
    }

    private static Set<String> headersInSchema() throws IOException {
        try (var in = EventCodec.class.getResourceAsStream("result-headers.schema.json")) {
            var names = new TreeSet<String>();
            new ObjectMapper()
                    .readTree(requireNonNull(in))
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(names::add);
            return names;
        }
    }

    @Test
    void needATopicThatTakesTheShortestOfThem() {
        assertThatThrownBy(() -> new Results(BYTES_MAX, 300, unpriced, metrics))
                .hasMessageContaining("rowBytesMax")
                .hasMessageContaining("300");
    }

    @Test
    void passesTheTraceOn() {
        var both = results().of(terminal(), Progress.NONE, folded(), 0).orElseThrow();

        var header = both.usage().headers().lastHeader(EventHeaders.TRACEPARENT);
        assertThat(new String(header.value(), StandardCharsets.US_ASCII)).isEqualTo(TRACE);
    }

    @Test
    void passNoTraceOnThatIsNone() {
        var headers = new EventHeaders("stream.completed", stream.last(), new Attempt(0, 1), LONG);
        var terminal = new EventRecord.Entry(stream.id(), headers, new byte[0]);

        var both = results().of(terminal, Progress.NONE, folded(), 0).orElseThrow();

        assertThat(both.usage().headers().lastHeader(EventHeaders.TRACEPARENT)).isNull();
    }

    @Test
    void areNoneWithoutAReadableEnd() {
        var open = folded(LongStream.range(0, stream.last()).mapToObj(stream::event).toList());

        assertThat(results().of(terminal(), Progress.NONE, open, 0)).isEmpty();
    }

    private Results results() {
        return new Results(BYTES_MAX, BYTES_MAX, unpriced, metrics);
    }

    private double oversized() {
        return meters.get(ProjectorMetrics.RESULTS)
                        .tag(ProjectorMetrics.KIND, "oversized")
                        .counter()
                        .count()
                + meters.get(ProjectorMetrics.RESULTS)
                        .tag(ProjectorMetrics.KIND, "oversized_usage")
                        .counter()
                        .count();
    }

    private EventRecord.Entry terminal() {
        var headers = new EventHeaders("stream.completed", stream.last(), new Attempt(0, 1), TRACE);
        return new EventRecord.Entry(stream.id(), headers, new byte[0]);
    }

    private List<StreamEvent> saying(String text) {
        return replaced(new TextDelta(text, null), 2);
    }

    private List<StreamEvent> started(String model) {
        var api = "openai.responses";
        return replaced(new Started("openai", model, api, null, 1, null, null, null, null), 0);
    }

    private List<StreamEvent> ended(ObjectNode raw) {
        var end = new Completed(Outcome.COMPLETE, "stop", null, null, usage(raw), null, null);
        return replaced(end, stream.last());
    }

    private static Started longStart() {
        var labels = new HashMap<String, String>();
        for (int label = 0; label < 100; label++) {
            labels.put("%03d".formatted(label) + CONTROL, CONTROL);
        }
        return new Started(CONTROL, CONTROL, CONTROL, null, 1, null, null, CONTROL, labels);
    }

    private static Failed longFailure() {
        long most = Long.MAX_VALUE;
        return new Failed(CONTROL, CONTROL, true, most, true, 500, CONTROL, CONTROL, usage(null));
    }

    private static Usage usage(@Nullable ObjectNode raw) {
        return new Usage(
                7L, 20L, 27L, null, null, null, null, null, null, null, null, null, null, null,
                raw);
    }

    private List<StreamEvent> replaced(EventBody body, long sequence) {
        return LongStream.range(0, stream.length())
                .mapToObj(each -> each == sequence ? at(each, body) : stream.event(each))
                .toList();
    }

    private StreamEvent at(long sequence, EventBody body) {
        return new StreamEvent(stream.id(), sequence, stream.at(), Placement.NONE, body);
    }

    private Assembly folded() {
        return folded(LongStream.range(0, stream.length()).mapToObj(stream::event).toList());
    }

    private Assembly folded(List<StreamEvent> events) {
        var shapes = new Shapes();
        var writer = PieceWriter.begin(0, shapes, new PieceWriter.Desk());
        events.forEach(event -> writer.append(1, EventCodec.encode(event)));
        var assembly = new Assembly(stream.id(), events.size(), shapes);
        assembly.add(writer.bytes());
        return assembly;
    }
}
