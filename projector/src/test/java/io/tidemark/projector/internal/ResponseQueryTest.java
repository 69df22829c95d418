package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.projector.SampleStream;
import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(20)
final class ResponseQueryTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();
    private final ResponseQuery query =
            new ResponseQuery((name, _) -> topology.store(name), topology.waiters, 1);

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void foldsAStreamThatGoesOn() throws InterruptedException {
        topology.append(stream.records(0, 9));

        assertThat(response(answer(query, stream.id(), 0, Duration.ZERO)))
                .returns(9L, Response::lastSequence)
                .returns(Response.Status.IN_PROGRESS, Response::status);
    }

    @Test
    void givesTheBytesOfTheResultOfAFinishedStream() throws InterruptedException {
        topology.append(stream.records());

        var written = topology.responseRecords().getFirst().value();
        assertThat(answer(query, stream.id(), stream.last(), LONG))
                .isInstanceOfSatisfying(
                        Answer.Found.class, found -> assertThat(found.json()).isEqualTo(written));
    }

    @Test
    void doesNotKnowAStreamThatIsNotThere() throws InterruptedException {
        assertThat(answer(query, stream.id(), 0, Duration.ZERO)).isEqualTo(new Answer.Unknown());
    }

    @Test
    void doesNotWaitForASequenceBeyondTheEnd() throws InterruptedException {
        topology.append(stream.records());

        assertThat(response(answer(query, stream.id(), 1_000, LONG)))
                .returns(Response.Status.COMPLETED, Response::status);
    }

    @Test
    void saysThatItIsBehindWhenTheWaitIsOver() throws InterruptedException {
        topology.append(stream.records(0, 9));

        assertThat(answer(query, stream.id(), 10, SHORT))
                .isEqualTo(new Answer.Unavailable(Reason.BEHIND));
        assertThat(response(answer(query, stream.id(), 9, SHORT)))
                .returns(9L, Response::lastSequence);
    }

    @Test
    void answersWithWhatThereIsWithoutAWait() throws InterruptedException {
        topology.append(stream.records(0, 9));

        assertThat(response(answer(query, stream.id(), 15, Duration.ZERO)))
                .returns(9L, Response::lastSequence);
    }

    @Test
    void isNotBehindAStreamOfWhichItKnowsNoEvent() throws InterruptedException {
        assertThat(answer(query, stream.id(), 15, SHORT)).isEqualTo(new Answer.Unknown());

        topology.append(stream.fence(2));

        assertThat(answer(query, stream.id(), 15, SHORT)).isEqualTo(new Answer.Unknown());
    }

    @Test
    void waitsForTheSequence() throws ExecutionException, InterruptedException {
        topology.append(stream.records(0, 9));
        var answer =
                CompletableFuture.supplyAsync(() -> uninterrupted(15), Thread::startVirtualThread);
        while (topology.waiters.size() == 0) {
            Thread.onSpinWait();
        }

        topology.append(stream.records(10, 15));

        assertThat(response(answer.get()).lastSequence()).isGreaterThanOrEqualTo(15);
    }

    @Test
    void looksAgainWhenTheStreamMovedOnMeanwhile() throws InterruptedException {
        topology.append(stream.records(0, 9));
        var looks = new AtomicInteger();
        var racing =
                new ResponseQuery(
                        (name, _) -> {
                            if (name.equals(ProjectorStores.PIECES)
                                    && looks.getAndIncrement() == 0) {
                                topology.append(stream.records(10, stream.last()));
                            }
                            return topology.store(name);
                        },
                        topology.waiters,
                        1);

        assertThat(response(answer(racing, stream.id(), 0, Duration.ZERO)))
                .returns(Response.Status.COMPLETED, Response::status);
    }

    @Test
    void saysSoWhenTheStateIsNotHere() throws InterruptedException {
        var elsewhere =
                new ResponseQuery(
                        (_, _) -> {
                            throw new InvalidStateStoreException("not here");
                        },
                        topology.waiters,
                        1);

        assertThat(answer(elsewhere, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.NOT_READY));
    }

    @Test
    void turnsAwayWaitersBeyondTheirNumber() throws InterruptedException {
        var full = new SequenceWaiters(1);
        var crowded = new ResponseQuery((name, _) -> topology.store(name), full, 1);
        try (var _ = full.register(stream.id(), 5).orElseThrow()) {
            assertThat(answer(crowded, stream.id(), 5, LONG))
                    .isEqualTo(new Answer.Unavailable(Reason.BUSY));
        }
    }

    @Test
    void holdsItsTurnUntilTheAnswerIsUsed() throws InterruptedException {
        topology.append(stream.records());
        var meanwhile = new ArrayList<Answer>();

        query.answer(
                stream.id(),
                0,
                Duration.ZERO,
                _ -> meanwhile.add(answer(query, stream.id(), 0, Duration.ZERO)));

        assertThat(meanwhile).containsExactly(new Answer.Unavailable(Reason.BUSY));
        assertThat(answer(query, stream.id(), 0, Duration.ZERO)).isInstanceOf(Answer.Found.class);
    }

    @Test
    void givesItsTurnBackWhenTheAnswerCannotBeUsed() throws InterruptedException {
        topology.append(stream.records());

        assertThatThrownBy(() ->
                        query.answer(
                                stream.id(),
                                0,
                                Duration.ZERO,
                                _ -> {
                                    throw new IOException("gone");
                                }))
                .isInstanceOf(IOException.class);

        assertThat(answer(query, stream.id(), 0, Duration.ZERO)).isInstanceOf(Answer.Found.class);
    }

    private static Answer answer(ResponseQuery query, StreamId id, long sequence, Duration wait)
            throws InterruptedException {
        var answers = new ArrayList<Answer>();
        query.answer(id, sequence, wait, answers::add);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private Answer uninterrupted(long sequence) {
        try {
            return answer(query, stream.id(), sequence, LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Response response(Answer answer) {
        return switch (answer) {
            case Answer.Found(byte[] json) -> ResponseCodec.decode(json);
            case Answer.Unknown _, Answer.Unavailable _ ->
                    throw new AssertionError("no response but " + answer);
        };
    }
}
