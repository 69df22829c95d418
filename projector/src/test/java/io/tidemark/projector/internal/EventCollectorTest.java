package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamEvent;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

final class EventCollectorTest {
    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void givesOneResponseAndOneLedgerRowForAStream() {
        topology.append(stream.records());

        assertThat(topology.responses())
                .singleElement()
                .satisfies(response -> assertThat(textOf(response)).isEqualTo(stream.text()))
                .returns(Response.Status.COMPLETED, Response::status)
                .returns(stream.last(), Response::lastSequence)
                .returns(List.of(), Response::warnings);
        assertThat(topology.usage())
                .singleElement()
                .satisfies(row -> assertThat(row.requestId()).isEqualTo(stream.id()));
    }

    @Test
    void givesNothingBeforeTheEnd() {
        topology.append(stream.records(0, stream.last() - 1));

        assertThat(topology.responses()).isEmpty();
        assertThat(topology.usage()).isEmpty();
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isOne();
    }

    @Test
    void dropsTheStateOfAStreamWhenItsResultIsBack() {
        topology.append(stream.records());

        assertThat(topology.entries(ProjectorStores.PROGRESS)).isZero();
        assertThat(topology.entries(ProjectorStores.PIECES)).isZero();
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isOne();
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();
    }

    @Test
    void saysInHeadersWhereTheEventsAre() {
        topology.append(SampleStream.of(0, 9, 1).records(0, 2)).append(stream.records());

        assertThat(topology.responseRecords())
                .singleElement()
                .satisfies(record -> {
                    assertThat(number(record.headers(), Results.FIRST_OFFSET)).isEqualTo(3);
                    assertThat(number(record.headers(), Results.LAST_OFFSET))
                            .isEqualTo(3 + stream.last());
                });
    }

    @Test
    void keepsInterleavedStreamsApart() {
        var other = SampleStream.of(0, 2, 20);
        for (int sequence = 0; sequence < stream.length(); sequence++) {
            topology.append(stream.record(sequence, 1)).append(other.record(sequence, 1));
        }

        assertThat(topology.responses())
                .extracting(Response::requestId)
                .containsExactly(stream.id(), other.id());
    }

    @Test
    void passesByWhatAFenceHasEnded() {
        topology.append(stream.records(0, 9))
                .append(stream.fence(2))
                .append(stream.record(10, 1))
                .append(stream.record(10, 2))
                .append(stream.record(11, 1));
        for (long sequence = 11; sequence <= stream.last(); sequence++) {
            topology.append(stream.record(sequence, 2));
        }

        assertThat(topology.refused(Refusal.FENCED)).isEqualTo(2);
        assertThat(topology.responses())
                .singleElement()
                .satisfies(response -> assertThat(textOf(response)).isEqualTo(stream.text()))
                .returns(2, Response::attempts);
    }

    @Test
    void losesTheValueOfAnEventThatNoChangelogWouldTake() {
        int tooMany = TopologyFixture.TOPICS.events().messageBytesMax() + 1;
        var place = Placement.content(0, 0, null);
        var text = new TextDelta("x".repeat(tooMany), null);
        var large = new StreamEvent(stream.id(), 5, stream.at(), place, text);
        topology.append(stream.records(0, 4))
                .append(EventRecord.of(SampleStream.EVENTS, large, new Attempt(0, 1), null))
                .append(stream.records(6, stream.last()));

        assertThat(topology.count(ProjectorMetrics.UNREADABLE)).isOne();
        assertThat(topology.responses())
                .singleElement()
                .returns(List.of(LogFold.EVENTS_MISSING), Response::warnings);
    }

    @Test
    void remembersAFenceThatComesBeforeTheFirstEvent() {
        topology.append(stream.fence(2)).append(stream.record(0, 1));

        assertThat(topology.refused(Refusal.FENCED)).isOne();
        assertThat(topology.knows(stream.id())).isTrue();
    }

    @Test
    void passesByDuplicates() {
        topology.append(stream.records(0, 5)).append(stream.records(3, stream.last()));

        assertThat(topology.refused(Refusal.DUPLICATE)).isEqualTo(3);
        assertThat(topology.responses())
                .singleElement()
                .satisfies(response -> assertThat(textOf(response)).isEqualTo(stream.text()));
    }

    @Test
    void givesNoSecondResultForASecondEnd() {
        topology.append(stream.records());
        topology.append(stream.record(stream.last(), 1))
                .append(stream.record(stream.last() + 1, 2))
                .append(stream.fence(3));

        assertThat(topology.responses()).hasSize(1);
        assertThat(topology.usage()).hasSize(1);
        assertThat(topology.refused(Refusal.AFTER_TERMINAL)).isEqualTo(2);
        assertThat(topology.entries(ProjectorStores.PROGRESS)).isZero();
    }

    @Test
    void bridgesAGapAndSaysSo() {
        topology.append(stream.records(0, 9)).append(stream.records(13, stream.last()));

        assertThat(topology.count(ProjectorMetrics.GAPS)).isOne();
        assertThat(topology.responses())
                .singleElement()
                .returns(List.of(LogFold.EVENTS_MISSING), Response::warnings)
                .returns(Response.Status.COMPLETED, Response::status);
        assertThat(topology.usage()).hasSize(1);
    }

    @Test
    void takesUpNoStreamWithoutItsStart() {
        topology.append(stream.records(4, stream.last()));

        assertThat(topology.refused(Refusal.HEADLESS)).isEqualTo(stream.length() - 4);
        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.usage()).isEmpty();
    }

    @Test
    void passesByForeignRecords() {
        var key = stream.id().key();
        var value = "{}".getBytes(StandardCharsets.UTF_8);
        topology.append(new ProducerRecord<>(SampleStream.EVENTS, null, value))
                .append(new ProducerRecord<>(SampleStream.EVENTS, value, value))
                .append(new ProducerRecord<>(SampleStream.EVENTS, key, value))
                .append(new ProducerRecord<>(SampleStream.EVENTS, key, null))
                .append(SampleStream.of(7, 1, 1).record(0, 1));

        assertThat(topology.refused(Refusal.FOREIGN)).isEqualTo(5);
        assertThat(topology.entries(ProjectorStores.PROGRESS)).isZero();
    }

    @Test
    void countsTheSequenceOfATypeItDoesNotKnow() {
        var unknown = stream.record(5, 1);
        unknown.headers().remove(EventHeaders.TYPE);
        unknown.headers().add(EventHeaders.TYPE, "text.hologram".getBytes(StandardCharsets.UTF_8));
        var json =
                new String(unknown.value(), StandardCharsets.UTF_8)
                        .replace("text.delta", "text.hologram");
        var renamed =
                new ProducerRecord<>(
                        SampleStream.EVENTS,
                        0,
                        unknown.key(),
                        json.getBytes(StandardCharsets.UTF_8),
                        unknown.headers());

        topology.append(stream.records(0, 4))
                .append(renamed)
                .append(stream.records(6, stream.last()));

        assertThat(topology.responses())
                .singleElement()
                .returns(List.of(), Response::warnings)
                .returns(stream.last(), Response::lastSequence);
    }

    @Test
    void foldsOverAValueThatIsNoEventOfItsStreamAndSaysSo() {
        var garbled = stream.record(5, 1);
        var swapped =
                new ProducerRecord<>(
                        SampleStream.EVENTS,
                        0,
                        garbled.key(),
                        "{".getBytes(StandardCharsets.UTF_8),
                        garbled.headers());

        topology.append(stream.records(0, 4))
                .append(swapped)
                .append(stream.records(6, stream.last()));

        assertThat(topology.count(ProjectorMetrics.UNREADABLE)).isOne();
        assertThat(topology.responses())
                .singleElement()
                .returns(List.of(LogFold.EVENTS_MISSING), Response::warnings);
    }

    @Test
    void sendsResultsToThePartitionAndTimeOfTheStream() {
        topology.append(stream.records());

        var ended = TopologyFixture.NOW.plusMillis(stream.last());
        assertThat(topology.responseRecords())
                .singleElement()
                .satisfies(record -> assertThat(record.key()).isEqualTo(stream.id().key()))
                .satisfies(record -> assertThat(record.getRecordTime()).isEqualTo(ended));
    }

    private static String textOf(Response response) {
        return String.valueOf(response.items().getFirst().content().getFirst().text());
    }

    private static long number(Headers headers, String name) {
        return ByteBuffer.wrap(headers.lastHeader(name).value()).getLong();
    }
}
