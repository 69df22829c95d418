package io.tidemark.projector.internal;

import static io.tidemark.projector.internal.TopologyFixture.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.projector.ListedStream;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.Shortened;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What the topology lists of the streams it folds. */
final class StreamIndexTest {
    private static final Duration RETENTION = TopologyFixture.TOPICS.resultRetention();

    private final TopologyFixture topology = new TopologyFixture();
    private long number;

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void listsAStreamFromItsStartOn() {
        var stream = stream("acme", Status.COMPLETED);

        topology.append(stream.record(0));

        assertThat(list("acme"))
                .singleElement()
                .returns(stream.id(), StreamEntry::requestId)
                .returns(Status.IN_PROGRESS, StreamEntry::status)
                .returns("openai", StreamEntry::provider)
                .returns("gpt-5", StreamEntry::model)
                .returns(stream.at(), StreamEntry::startedAt)
                .returns(null, StreamEntry::endedAt);
    }

    @Test
    void saysHowAStreamEnded() {
        var completed = stream("acme", Status.INCOMPLETE);
        var failed = stream("acme", Status.FAILED);

        topology.append(completed.records()).append(failed.records());

        assertThat(list("acme")).hasSize(2);
        assertThat(list("acme").getFirst())
                .returns(failed.id(), StreamEntry::requestId)
                .returns(Status.FAILED, StreamEntry::status)
                .returns("aborted", StreamEntry::failureCode)
                .returns(null, StreamEntry::finishReason);
        assertThat(list("acme").getLast())
                .returns(Status.INCOMPLETE, StreamEntry::status)
                .returns("length", StreamEntry::finishReason)
                .returns(completed.at() + 2, StreamEntry::endedAt);
    }

    @Test
    void doesNotListWhatWasErasedWheneverThatWas() {
        var before = stream("acme", Status.COMPLETED);
        var amid = stream("acme", Status.COMPLETED);
        var behind = stream("acme", Status.COMPLETED);
        var other = stream("acme", Status.COMPLETED);

        topology.erase(before.id()).append(before.records());
        topology.append(amid.record(0)).erase(amid.id()).append(amid.records());
        topology.append(behind.records()).erase(behind.id());
        topology.append(other.records());

        assertThat(list("acme")).singleElement().returns(other.id(), StreamEntry::requestId);
    }

    @Test
    void holdsNeitherContentNorLabels() {
        topology.append(stream("acme", Status.FAILED).records());

        try (var all = topology.store(ProjectorStores.STREAMS).all()) {
            assertThat(all)
                    .toIterable()
                    .isNotEmpty()
                    .allSatisfy(entry ->
                            assertThat(new String(entry.value, UTF_8)).doesNotContain("secret"));
        }
    }

    @Test
    void noTenantIsInTheListOfAnother() {
        topology.append(stream("acme", Status.COMPLETED).records())
                .append(stream("acme2", Status.COMPLETED).records())
                .append(stream("acm", Status.COMPLETED).records())
                .append(stream(null, Status.COMPLETED).records());

        for (var tenant : List.of("acme", "acme2", "acm")) {
            assertThat(list(tenant)).hasSize(1);
        }
        assertThat(list(null)).hasSize(1);
        assertThat(list("ac")).isEmpty();
    }

    /** Whoever writes to the log may call a tenant what nobody could. */
    @Test
    void whatCannotBeATenantIsInNobodysList() {
        topology.append(stream("acme\0x", Status.COMPLETED).records())
                .append(stream("a".repeat(129), Status.COMPLETED).records());

        assertThat(list("acme")).isEmpty();
        assertThat(topology.entries(ProjectorStores.STREAMS)).isOne();
        assertThat(topology.responses()).hasSize(2);
    }

    @Test
    void cutsWhatIsLong() {
        var stream = stream("acme", "m".repeat(100_000), Status.COMPLETED);

        topology.append(stream.records());

        assertThat(list("acme").getFirst().requestedModel()).hasSize(Shortened.CHARS_MAX);
    }

    @Test
    void forgetsAStreamThatHasEndedWithItsResponse() {
        topology.append(stream("acme", Status.COMPLETED).records());
        topology.sleep(RETENTION.minus(Duration.ofHours(1)));
        assertThat(list("acme")).hasSize(1);

        topology.sleep(Duration.ofHours(2));

        assertThat(list("acme")).isEmpty();
        assertThat(topology.entries(ProjectorStores.STREAMS)).isOne();
    }

    /** A store that is restored lacks what its topic has let go of. */
    @Test
    void forgetsAStreamWhoseResponseIsGoneAlready() {
        var stream = stream("acme", Status.COMPLETED);
        topology.append(stream.records());
        topology.store(ProjectorStores.RESPONSES).delete(stream.id().key());

        topology.sleep(RETENTION.plus(Duration.ofHours(1)));

        assertThat(list("acme")).isEmpty();
    }

    @Test
    void forgetsAStreamWhoseResponseIsDeleted() {
        var stream = stream("acme", Status.COMPLETED);
        topology.append(stream.records());

        topology.appendResult(stream.id().key(), null);

        assertThat(list("acme")).isEmpty();
    }

    @Test
    void forgetsAnAbandonedStream() {
        topology.append(stream("acme", Status.IN_PROGRESS).records());
        var later = NOW.plus(TopologyFixture.TOPICS.eventRetention()).plus(Duration.ofHours(1));
        topology.append(SampleStream.of(0, 1, 1).record(0, 1), later.toEpochMilli());

        topology.sleep(Duration.between(NOW, later));

        assertThat(list("acme")).isEmpty();
    }

    @Test
    void keepsAnOpenStreamThatIsOlderThanResultsAre() {
        var stream = stream("acme", Status.IN_PROGRESS);
        topology.append(stream.record(0));
        topology.sleep(RETENTION.plus(Duration.ofHours(1)));

        assertThat(list("acme")).hasSize(1);
    }

    @Test
    void aRepeatedOrLateRecordListsNothing() {
        var stream = stream("acme", Status.COMPLETED);
        topology.append(stream.records()).append(stream.record(0)).append(stream.record(1));

        assertThat(list("acme")).singleElement().returns(Status.COMPLETED, StreamEntry::status);
    }

    /**
     * As an instance sees it that was stopped for longer than its session: the topics come in any
     * order, and another has ended the stream meanwhile.
     */
    @ParameterizedTest(name = "{0} events before it")
    @ValueSource(ints = {0, 1, 2})
    void aResponseThatComesBeforeItsEventsIsListed(int before) {
        for (var status : List.of(Status.COMPLETED, Status.INCOMPLETE, Status.FAILED)) {
            var stream = stream("acme", status);
            byte[] response = responseOf(stream);
            var records = stream.records();

            topology.append(records.subList(0, before));
            topology.appendResult(stream.id().key(), response);
            topology.append(records.subList(before, records.size()));

            assertThat(list("acme")).first().isEqualTo(entryOf(stream));
            assertThat(topology.knows(stream.id())).isFalse();
        }
        assertThat(topology.responseRecords()).isEmpty();
        assertThat(list("acme")).hasSize(3);
    }

    @Test
    void aResultThatNoProjectorWroteIsNotListed() {
        var stream = stream("acme", Status.COMPLETED);
        byte[] ofAnother = responseOf(stream("acme", Status.COMPLETED));

        topology.appendResult(stream.id().key(), "{}".getBytes(UTF_8));
        topology.appendResult(stream.id().key(), ofAnother);

        assertThat(list("acme")).isEmpty();
    }

    private static byte[] responseOf(ListedStream stream) {
        try (var owner = new TopologyFixture()) {
            return owner.append(stream.records()).responseRecords().getFirst().value();
        }
    }

    private static StreamEntry entryOf(ListedStream stream) {
        try (var owner = new TopologyFixture()) {
            owner.append(stream.records());
            return list(owner, stream.tenant()).getFirst();
        }
    }

    @Test
    void knowsHowFarTheLogIsTakenIn() {
        assertThat(StreamIndex.takenIn(topology.store(ProjectorStores.STREAMS))).isZero();

        topology.append(stream("acme", Status.COMPLETED).records());
        topology.append(foreign());

        assertThat(StreamIndex.takenIn(topology.store(ProjectorStores.STREAMS))).isEqualTo(4);
    }

    private static ProducerRecord<byte[], byte[]> foreign() {
        return new ProducerRecord<>("tidemark.events", new byte[] {1}, new byte[] {2});
    }

    private ListedStream stream(@Nullable String tenant, Status status) {
        return stream(tenant, "gpt-5", status);
    }

    private ListedStream stream(@Nullable String tenant, String model, Status status) {
        var began = InstantSource.fixed(NOW.plusMillis(number++));
        var id = StreamId.mint(began, () -> number, 0);
        return new ListedStream(id, tenant, "openai", model, status);
    }

    private List<StreamEntry> list(@Nullable String tenant) {
        return list(topology, tenant);
    }

    private static List<StreamEntry> list(TopologyFixture topology, @Nullable String tenant) {
        var store = topology.store(ProjectorStores.STREAMS);
        return StreamScan.page(store, StreamFilter.of(tenant), 200, 1_000).streams();
    }
}
