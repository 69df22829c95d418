package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.projector.ProjectorMetrics.Result;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamEvent;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Records that come when they should not, and streams of a size or number that is not usual. */
final class StragglersTest {
    private static final int STREAMS = 3_000;
    private static final int CHARS = 1_000_000;
    private static final int CHARS_OF_EVENT = 100;

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void takesAHigherAttemptForAFenceOfThoseBelow() {
        topology.append(stream.records(0, 4, 1))
                .append(stream.record(5, 3))
                .append(stream.record(6, 2))
                .append(stream.records(6, stream.last(), 3));

        assertThat(topology.refused(Refusal.FENCED)).isOne();
        assertWhole(topology.responses().getFirst(), stream);
    }

    @Test
    void passesByASecondStart() {
        topology.append(stream.records(0, 4))
                .append(stream.record(0, 2))
                .append(stream.records(5, stream.last(), 2));

        assertThat(topology.refused(Refusal.DUPLICATE)).isOne();
        assertWhole(topology.responses().getFirst(), stream);
    }

    @Test
    void passesByAZombieBehindAGap() {
        topology.append(stream.records(0, 4))
                .append(stream.record(9, 2))
                .append(stream.records(5, 8, 1))
                .append(stream.records(10, stream.last(), 2));

        assertThat(topology.count(ProjectorMetrics.GAPS)).isOne();
        assertThat(topology.refused(Refusal.FENCED)).isEqualTo(4);
        assertThat(topology.responses())
                .singleElement()
                .returns(List.of(LogFold.EVENTS_MISSING), Response::warnings);
    }

    @Test
    void bridgesFromTheStartToTheEnd() {
        topology.append(stream.record(0, 1)).append(stream.record(stream.last(), 1));

        assertThat(topology.responses())
                .singleElement()
                .returns(Response.Status.COMPLETED, Response::status)
                .returns(stream.last(), Response::lastSequence);
        assertThat(topology.usage()).hasSize(1);
    }

    @Test
    void takesUpAStreamWhoseStartComesBehindItsOtherEvents() {
        topology.append(stream.records(1, 4)).append(stream.records());

        assertThat(topology.refused(Refusal.HEADLESS)).isEqualTo(4);
        assertWhole(topology.responses().getFirst(), stream);
    }

    @Test
    void leavesNothingOfAFenceOfAFinishedStream() {
        topology.append(stream.records()).append(stream.fence(7));

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();
    }

    @Test
    void givesNoResultWhenTheEndCannotBeRead() {
        var end = stream.record(stream.last(), 1);
        var garbled =
                new ProducerRecord<>(
                        SampleStream.EVENTS, 0, end.key(), "{".getBytes(UTF_8), end.headers());

        topology.append(stream.records(0, stream.last() - 1)).append(garbled);
        topology.append(stream.record(stream.last(), 2));

        assertThat(topology.responses()).isEmpty();
        assertThat(topology.usage()).isEmpty();
        assertThat(topology.knows(stream.id())).isTrue();
        assertThat(topology.refused(Refusal.AFTER_TERMINAL)).isOne();
        assertThat(
                        topology.meters
                                .get(ProjectorMetrics.RESULTS)
                                .tag(ProjectorMetrics.KIND, "none")
                                .counter()
                                .count())
                .as(Result.NONE.name())
                .isOne();
    }

    @Test
    void neverReportsAStreamAsSilentThatHasEnded() {
        topology.append(stream.records());

        topology.sleep(ResultKeeper.SWEEP_INTERVAL);
        topology.sleep(TopologyFixture.SILENT_AFTER.multipliedBy(2));

        assertThat(topology.count(ProjectorMetrics.SILENT_FOUND)).isZero();
    }

    @Test
    void keepsThousandsOfOpenStreamsApart() {
        var streams = new ArrayList<SampleStream>();
        for (int number = 0; number < STREAMS; number++) {
            streams.add(SampleStream.of(0, number, 2 + number % 3));
        }
        for (long sequence = 0; sequence < 8; sequence++) {
            for (var each : streams) {
                if (sequence <= each.last()) {
                    topology.append(each.record(sequence, 1));
                }
            }
        }

        var responses = topology.responses();
        assertThat(responses).hasSize(STREAMS);
        for (var response : responses) {
            int number =
                    (int) (response.requestId().time().toEpochMilli() - streams.getFirst().at());
            assertWhole(response, streams.get(number));
        }
        assertThat(topology.entries(ProjectorStores.PIECES)).isZero();
        assertThat(topology.entries(ProjectorStores.PROGRESS)).isZero();
    }

    @Test
    void givesAnAnswerOfAMillionCharactersWhole() {
        int deltas = CHARS / CHARS_OF_EVENT;
        var large = SampleStream.of(0, 1, deltas);
        var text = new StringBuilder();
        for (long sequence = 0; sequence <= large.last(); sequence++) {
            if (sequence < 2 || sequence == large.last()) {
                topology.append(large.record(sequence, 1));
            } else {
                var part = "%06d ".formatted(sequence).repeat(20).substring(0, CHARS_OF_EVENT);
                text.append(part);
                topology.append(delta(large, sequence, part));
            }
        }

        assertThat(topology.responses())
                .singleElement()
                .satisfies(response -> assertThat(textOf(response)).isEqualTo(text.toString()));
        assertThat(text).hasSize(CHARS);
    }

    private static ProducerRecord<byte[], byte[]> delta(
            SampleStream of, long sequence, String text) {
        var placement = Placement.content(0, 0, null);
        var body = new TextDelta(text, null);
        var event = new StreamEvent(of.id(), sequence, of.at() + sequence, placement, body);
        return EventRecord.of(SampleStream.EVENTS, event, new Attempt(0, 1), null);
    }

    private static void assertWhole(Response response, SampleStream of) {
        assertThat(textOf(response)).isEqualTo(of.text());
        assertThat(response.warnings()).isEmpty();
    }

    private static String textOf(Response response) {
        return String.valueOf(response.items().getFirst().content().getFirst().text());
    }
}
