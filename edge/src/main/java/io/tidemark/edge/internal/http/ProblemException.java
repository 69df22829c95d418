package io.tidemark.edge.internal.http;

/**
 * A request cannot be served as it is. Thrown where a request is taken apart, since the checks nest
 * and the first one that fails decides; caught by {@link Router}, and by {@link Call} where the
 * request goes on on another thread. Has no stack trace.
 */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.code(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
