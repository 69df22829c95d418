package io.tidemark.schemas;

import org.apache.kafka.clients.admin.AbstractOptions;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Waits for answers of Kafka's Admin, each for the same time at most, and says of those that do not
 * come what was attempted. Immutable; blocks the calling thread.
 *
 * @param timeout longest wait for one answer
 */
record AdminAnswers(Duration timeout) {
    /** An answer to come, such as {@code future::get}. */
    interface Answer<T> {
        T within(long time, TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * The answer.
     *
     * @param attempted completes "cannot"
     * @param error makes of an error that the brokers answer with what stands for it, or throws
     * @throws TopicRefusedException if there is no answer in time, or the thread is interrupted
     */
    <T> T await(Answer<T> answer, String attempted, Function<Throwable, T> error) {
        try {
            return answer.within(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unanswered(attempted, cause);
            }
            return error.apply(cause);
        } catch (TimeoutException e) {
            throw unanswered(attempted, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicRefusedException("cannot " + attempted + ": interrupted", e);
        }
    }

    /** For an error that nothing is known to stand for. */
    static TopicRefusedException refused(String attempted, Throwable cause) {
        return new TopicRefusedException("cannot " + attempted + ": " + cause, cause);
    }

    private TopicRefusedException unanswered(String attempted, Throwable cause) {
        return new TopicRefusedException(
                "cannot " + attempted + ": no answer from the brokers after " + timeout, cause);
    }

    /** The same limit for the client itself, which waits at its end for what it still hopes for. */
    <O extends AbstractOptions<O>> O limit(O options) {
        return options.timeoutMs(Math.toIntExact(timeout.toMillis()));
    }
}
