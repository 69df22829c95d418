package io.tidemark.edge.internal.http;

/**
 * Answers one kind of request. Called on the connection's I/O thread, so it must not block; it may
 * throw {@link ProblemException}. When it returns, the exchange was answered or dispatched.
 */
@FunctionalInterface
interface Endpoint {
    /**
     * Answers.
     *
     * @param call the request
     */
    void handle(Call call);
}
