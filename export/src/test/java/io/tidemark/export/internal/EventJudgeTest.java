package io.tidemark.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.export.Verdict;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Optional;

class EventJudgeTest {
    private static final int STREAMS_MAX = 3;

    private final EventJudge judge = new EventJudge(STREAMS_MAX);

    @Test
    void streamsAreToldApart() {
        assertThat(event(1, 0, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(event(2, 0, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(fence(1, 2)).isEqualTo(Verdict.FENCE);
        assertThat(event(1, 1, 1)).isEqualTo(Verdict.FENCED);
        assertThat(event(2, 1, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(event(1, 1, 2)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void behindAGapTheStreamIsFollowedOn() {
        assertThat(event(1, 0, 2)).isEqualTo(Verdict.ACCEPTED);
        assertThat(event(1, 5, 2)).isEqualTo(Verdict.GAP);
        assertThat(event(1, 6, 2)).isEqualTo(Verdict.ACCEPTED);
        assertThat(event(1, 3, 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(event(1, 7, 1)).isEqualTo(Verdict.FENCED);
    }

    /* The fence is what is left of the stream when retention has removed its beginning. */
    @Test
    void aFenceCountsBeforeTheFirstEventThatIsLeft() {
        assertThat(fence(1, 2)).isEqualTo(Verdict.FENCE);
        assertThat(event(1, 4, 1)).isEqualTo(Verdict.FENCED);
        assertThat(event(1, 4, 2)).isEqualTo(Verdict.GAP);
    }

    @Test
    void withMoreStreamsThanMayBeTheOneThatWasQuietForLongestIsForgotten() {
        for (int stream = 1; stream <= STREAMS_MAX; stream++) {
            event(stream, 0, 1);
        }
        event(1, 1, 1);
        assertThat(judge.forgotten()).isZero();

        event(4, 0, 1);

        assertThat(judge.forgotten()).isEqualTo(1);
        assertThat(event(1, 2, 1)).as("it was heard of last").isEqualTo(Verdict.ACCEPTED);
        assertThat(event(2, 1, 1)).as("it is not known any more").isEqualTo(Verdict.GAP);
    }

    @Test
    void whatIsNoEventIsForeign() {
        assertThat(judge(id(1).key(), new RecordHeaders(), new byte[2])).isEqualTo(Verdict.FOREIGN);
        assertThat(judge(new byte[3], new RecordHeaders(), null)).isEqualTo(Verdict.FOREIGN);
        assertThat(judge(null, new RecordHeaders(), new byte[2])).isEqualTo(Verdict.FOREIGN);
    }

    private Verdict event(int stream, long sequence, int attempt) {
        var headers = new RecordHeaders();
        new EventHeaders("text.delta", sequence, new Attempt(0, attempt), null).writeTo(headers);
        return judge(id(stream).key(), headers, new byte[] {'{', '}'});
    }

    private Verdict fence(int stream, int attempt) {
        var fence = EventRecord.fence("any", id(stream), new Attempt(0, attempt));
        return judge(fence.key(), fence.headers(), null);
    }

    private Verdict judge(byte @Nullable [] key, Headers headers, byte @Nullable [] value) {
        return judge.judge(
                        new ConsumerRecord<>(
                                "any",
                                0,
                                0,
                                0,
                                TimestampType.LOG_APPEND_TIME,
                                0,
                                0,
                                key,
                                value,
                                headers,
                                Optional.empty()))
                .verdict();
    }

    private static StreamId id(int number) {
        return StreamId.mint(() -> Instant.ofEpochMilli(1_800_000_000_000L), () -> number, 0);
    }
}
