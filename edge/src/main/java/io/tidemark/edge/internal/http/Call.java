package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.access.Identity;
import io.tidemark.edge.internal.live.Delay;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Loop;
import io.tidemark.schemas.StreamId;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One request on its way to an answer: reads its parts, and moves between its I/O thread and
 * virtual threads. Belongs to one of them at a time.
 */
final class Call {
    private static final Logger LOGGER = LoggerFactory.getLogger(Call.class);

    private final HttpServerExchange exchange;
    private final Loop loop;
    private final Executor blocking;
    private final EdgeMetrics metrics;
    private final PartitionCount partitions;
    private final String idText;
    /* Written before the request is given to an endpoint. */
    private Identity.Admitted caller = new Identity.Anonymous();

    /**
     * A request.
     *
     * @param loop the exchange's I/O thread as readers know it
     * @param blocking runs what blocks
     * @param idText the part of the path where an id stands; empty where there is none
     */
    Call(
            HttpServerExchange exchange,
            Loop loop,
            Executor blocking,
            EdgeMetrics metrics,
            PartitionCount partitions,
            String idText) {
        this.exchange = exchange;
        this.loop = loop;
        this.blocking = blocking;
        this.metrics = metrics;
        this.partitions = partitions;
        this.idText = idText;
    }

    HttpServerExchange exchange() {
        return exchange;
    }

    Loop loop() {
        return loop;
    }

    /** Says whom it is from. */
    void admit(Identity.Admitted admitted) {
        caller = admitted;
    }

    /** Whom it is from. */
    Identity.Admitted caller() {
        return caller;
    }

    /** The stream that the path names, if it names one. */
    @Nullable StreamId stream() {
        try {
            return idText.isEmpty() ? null : StreamId.parse(idText);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The stream that the path names.
     *
     * @throws ProblemException if that is not an id, or an id that cannot be of this installation,
     *     or one of a partition that was added since this edge started
     */
    StreamId id() {
        StreamId id;
        try {
            id = StreamId.parse(idText);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.invalid("id", String.valueOf(e.getMessage())));
        }
        if (partitions.added(id.partition())) {
            throw new ProblemException(Problem.partitionAdded());
        }
        if (id.partition() >= partitions.own()) {
            throw new ProblemException(Problem.unknownStream());
        }
        return id;
    }

    /** All values of a header, as they came. */
    List<String> headers(String name) {
        HeaderValues values = exchange.getRequestHeaders().get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    /** All values of a parameter in the query. */
    List<String> parameters(String name) {
        var values = exchange.getQueryParameters().get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    /** The first value of a header. */
    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /**
     * A whole number from the query.
     *
     * @throws ProblemException if it stands there twice, is no whole number, or is out of range
     */
    OptionalLong number(String parameter, long max) {
        return number(parameter, 0, max);
    }

    /**
     * A whole number from the query, {@code min} to {@code max} inclusive.
     *
     * @throws ProblemException if it stands there twice, is no whole number, or is out of range
     */
    OptionalLong number(String parameter, long min, long max) {
        var text = parameter(parameter);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(number(parameter, text.get(), min, max));
    }

    /**
     * A text from the query.
     *
     * @throws ProblemException if it stands there twice
     */
    Optional<String> parameter(String name) {
        var values = exchange.getQueryParameters().get(name);
        if (values == null || values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new ProblemException(Problem.invalid(name, name + " may be given once"));
        }
        return Optional.of(values.getFirst());
    }

    /** The whole number that a text is, {@code min} to {@code max} inclusive. */
    static long number(String field, String text, long min, long max) {
        if (text.matches("[0-9]{1,16}")
                && Long.parseLong(text) >= min
                && Long.parseLong(text) <= max) {
            return Long.parseLong(text);
        }
        throw new ProblemException(
                Problem.invalid(field, field + " must be a whole number, " + min + " to " + max));
    }

    /**
     * Goes on here once the current call stack is left; the request stays open until it is
     * answered.
     */
    void later(Runnable task) {
        exchange.dispatch(exchange.getIoThread(), guarded(task));
    }

    /** Runs tasks of the request's reader later. */
    Delay delay() {
        return (time, task) -> {
            var key =
                    exchange.getIoThread()
                            .executeAfter(task, time.toMillis(), TimeUnit.MILLISECONDS);
            return key::remove;
        };
    }

    /** Goes on on a virtual thread once the current call stack is left. */
    void blocking(Runnable task) {
        exchange.dispatch(blocking, guarded(task));
    }

    /** Goes on on a virtual thread at once; for a request that was dispatched before. */
    void blockingNow(Runnable task) {
        try {
            blocking.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            answerOnLoop(Problem.draining());
        }
    }

    /** Goes on on the I/O thread; for a request that was dispatched before. */
    void onLoop(Runnable task) {
        exchange.getIoThread().execute(guarded(task));
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (ProblemException e) {
                answerOnLoop(e.problem());
            } catch (RuntimeException e) {
                fault(e);
                answerOnLoop(Problem.internal());
            }
        };
    }

    void fault(Throwable e) {
        LOGGER.atError()
                .addKeyValue("method", exchange.getRequestMethod())
                .addKeyValue("error", e.getClass().getName())
                .setCause(e)
                .log("request failed");
    }

    private void answerOnLoop(Problem problem) {
        exchange.getIoThread().execute(() -> answer(problem));
    }

    /** Answers, on the thread that has the request. */
    void answer(Reply reply) {
        reply.send(exchange);
    }

    /** Answers with a problem, on the thread that has the request. */
    void answer(Problem problem) {
        metrics.refused(problem.code());
        Reply.of(problem).send(exchange);
    }
}
