package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

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
    private final ResponseQuery query = topology.query();

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
    void saysThatAStreamWasErased() throws InterruptedException {
        topology.append(stream.records(0, 9)).erase(stream.id());
        assertThat(answer(query, stream.id(), 15, LONG)).isEqualTo(new Answer.Erased("acme"));

        topology.append(stream.records(10, stream.last()));
        assertThat(answer(query, stream.id(), 0, LONG)).isEqualTo(new Answer.Erased("acme"));
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
                        topology.proof(),
                        topology.waiters,
                        1);

        assertThat(response(answer(racing, stream.id(), 9, SHORT)))
                .returns(Response.Status.COMPLETED, Response::status);
    }

    @Test
    void saysSoWhenTheStateIsNotHere() throws InterruptedException {
        var elsewhere =
                new ResponseQuery(
                        (_, _) -> {
                            throw new InvalidStateStoreException("not here");
                        },
                        topology.proof(),
                        topology.waiters,
                        1);

        assertThat(answer(elsewhere, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.RESTORING));
    }

    @Test
    void neitherTheUnknownNorTheBeginningOfAStreamIsSaidWhileTheLogIsLonger()
            throws InterruptedException {
        topology.append(stream.records(0, 9));
        topology.log.end = 11;

        assertThat(answer(query, SampleStream.of(0, 2, 1).id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.BEHIND));
        assertThat(answer(query, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.BEHIND));

        topology.append(stream.record(10, 1));

        assertThat(answer(query, SampleStream.of(0, 2, 1).id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unknown());
        assertThat(response(answer(query, stream.id(), 0, Duration.ZERO)))
                .returns(10L, Response::lastSequence);
    }

    @Test
    void neitherIsSaidWhileTheLogDoesNotTellWhereItEnds() throws InterruptedException {
        topology.append(stream.records(0, 9));
        topology.log.silent = true;

        assertThat(answer(query, SampleStream.of(0, 2, 1).id(), 5, SHORT))
                .isEqualTo(new Answer.Unavailable(Reason.LOG_UNREACHABLE));
        assertThat(answer(query, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.LOG_UNREACHABLE));
    }

    @Test
    void whatIsFinalOrHoldsWhatWasAskedForNeedsNoLog() throws InterruptedException {
        var ended = SampleStream.of(0, 2, 1);
        topology.append(stream.records(0, 9)).append(ended.records());
        topology.log.silent = true;

        assertThat(response(answer(query, stream.id(), 9, SHORT)))
                .returns(9L, Response::lastSequence);
        assertThat(response(answer(query, ended.id(), 0, Duration.ZERO)))
                .returns(Response.Status.COMPLETED, Response::status);
    }

    @Test
    void saysNothingAtAllWhenItIsCutOff() throws InterruptedException {
        topology.append(stream.records());
        topology.log.forgotten = true;

        assertThat(answer(query, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.LOG_UNREACHABLE));
    }

    /** The changelogs of a copy are read one by one. */
    @Test
    void doesNotFoldACopyWhosePiecesAreBehindItsProgress() throws InterruptedException {
        topology.append(stream.records(0, 8));
        byte[] key = keyOfLastPiece();
        byte[] behind = topology.store(ProjectorStores.PIECES).get(key);
        topology.append(stream.records(9, 9));
        assertThat(keyOfLastPiece()).as("the piece that has the event").isEqualTo(key);
        topology.store(ProjectorStores.PIECES).put(key, behind);

        assertThat(answer(query, stream.id(), 4, SHORT))
                .isEqualTo(new Answer.Unavailable(Reason.RESTORING));
    }

    private byte[] keyOfLastPiece() {
        var progress = OpenStreams.find(topology.store(ProjectorStores.PROGRESS), stream.id());
        return Piece.key(stream.id(), requireNonNull(progress).pieces() - 1L);
    }

    @Test
    void aCopyAnswersWhatNeedsNoProofAndNothingElse() throws InterruptedException {
        topology.append(stream.records(0, 9));
        var notOurs =
                new Proof(
                        (_, _) -> {
                            throw new InvalidStateStoreException("a copy");
                        },
                        topology.log);
        var copy =
                new ResponseQuery((name, _) -> topology.store(name), notOurs, topology.waiters, 1);

        assertThat(response(answer(copy, stream.id(), 9, SHORT)))
                .returns(9L, Response::lastSequence);
        assertThat(answer(copy, stream.id(), 10, SHORT))
                .isEqualTo(new Answer.Unavailable(Reason.BEHIND));
        assertThat(answer(copy, stream.id(), 0, Duration.ZERO))
                .isEqualTo(new Answer.Unavailable(Reason.RESTORING));
        assertThat(answer(copy, SampleStream.of(0, 2, 1).id(), 0, SHORT))
                .isEqualTo(new Answer.Unavailable(Reason.RESTORING));
    }

    @Test
    void turnsAwayWaitersBeyondTheirNumber() throws InterruptedException {
        var full = new SequenceWaiters(1);
        var crowded =
                new ResponseQuery((name, _) -> topology.store(name), topology.proof(), full, 1);
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
            case Answer.Unknown _, Answer.Erased _, Answer.Unavailable _ ->
                    throw new AssertionError("no response but " + answer);
        };
    }
}
