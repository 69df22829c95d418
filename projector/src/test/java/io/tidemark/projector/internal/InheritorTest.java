package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What a generation of results takes over from the one before. */
final class InheritorTest {
    private final SampleStream stream = SampleStream.of(0, 1, 3);
    private final Old old = Old.of(stream);
    private final TopologyFixture topology = TopologyFixture.inheriting(stream.last() + 1);

    /** What was made of a stream that began at offset 0. */
    private record Old(TestRecord<byte[], byte[]> response, TestRecord<byte[], byte[]> row) {
        static Old of(SampleStream stream) {
            try (var before = new TopologyFixture()) {
                before.append(stream.records());
                return new Old(
                        before.responseRecords().getFirst(), before.usageRecords().getFirst());
            }
        }
    }

    @AfterEach
    void close() {
        topology.close();
    }

    private void inherit(TestRecord<byte[], byte[]> response) {
        topology.inherit(TopologyFixture.INHERITED.responses(), response);
    }

    private void inheritRow(TestRecord<byte[], byte[]> row) {
        topology.inherit(TopologyFixture.INHERITED.usage(), row);
    }

    @Test
    void whatBeganBeforeIsTakenOverAsItIs() {
        inherit(old.response());
        inheritRow(old.row());

        assertThat(topology.responseRecords()).containsExactly(old.response());
        assertThat(topology.usageRecords()).containsExactly(old.row());
    }

    @Test
    void whatIsFoldedAgainIsNotTakenOver() {
        try (var all = TopologyFixture.inheriting(0)) {
            all.inherit(TopologyFixture.INHERITED.responses(), old.response());
            all.inherit(TopologyFixture.INHERITED.usage(), old.row());

            assertThat(all.responseRecords()).isEmpty();
            assertThat(all.usageRecords()).isEmpty();
        }
    }

    @Test
    void eachStreamIsListedThatHasARow() {
        inheritRow(old.row());

        assertThat(listed()).containsExactly(stream.id());
    }

    @Test
    void anErasedStreamIsListedNeitherBeforeNorBehindItsErasure() {
        topology.erase(stream.id());
        inheritRow(old.row());
        assertThat(listed()).isEmpty();
        assertThat(topology.usageRecords()).containsExactly(old.row());

        var other = SampleStream.of(0, 2, 3);
        inheritRow(Old.of(other).row());
        topology.erase(other.id());
        assertThat(listed()).isEmpty();
    }

    /* Of the two that stand in the old topic the later one is taken over later. */
    @Test
    void aResponseThatWasTakenBackIsTakenBackHere() {
        var takenBack = new TestRecord<byte[], byte[]>(old.response().key(), null);

        inherit(old.response());
        inherit(takenBack);

        assertThat(topology.responseRecords())
                .extracting(TestRecord::value)
                .containsExactly(old.response().value(), null);
    }

    @Test
    void whatIsNoResultIsPassedBy() {
        var foreign =
                new TestRecord<>(
                        "nobody's".getBytes(US_ASCII),
                        old.row().value(),
                        old.row().getHeaders(),
                        old.row().getRecordTime());
        var noRow =
                new TestRecord<>(
                        old.row().key(),
                        "{".getBytes(US_ASCII),
                        old.row().getHeaders(),
                        old.row().getRecordTime());

        inherit(foreign);
        inheritRow(foreign);
        inheritRow(noRow);

        assertThat(topology.usageRecords()).isEmpty();
        assertThat(topology.responseRecords()).isEmpty();
        assertThat(topology.refused(Refusal.FOREIGN)).isEqualTo(3);
    }

    private List<StreamId> listed() {
        var ids = new ArrayList<StreamId>();
        try (var all = topology.store(ProjectorStores.STREAMS).all()) {
            while (all.hasNext()) {
                byte[] key = all.next().key;
                if (key.length == StreamId.LENGTH) {
                    ids.add(StreamId.ofKey(key));
                }
            }
        }
        return ids;
    }
}
