package io.tidemark.devkit.internal;

import java.util.Optional;

/**
 * A provider's API on the wire: which requests are its own, what it takes, and how it writes what a
 * model says, or why not. Implementations are stateless.
 */
interface ProviderApi {

    /** Whether requests for a path are its own; the path has no query. */
    boolean serves(String path);

    /** What the paths of this provider begin with, to refuse the others in its words. */
    String prefix();

    /** Why a request may not be answered, where keys are asked for. */
    Optional<ApiError> keyMissing(HttpRequest http);

    /**
     * What a request asks for.
     *
     * @throws InvalidRequest if that is not clear, or not allowed
     */
    ModelRequest read(HttpRequest http) throws InvalidRequest;

    /** What a model says, as this API writes it. */
    Answer answer(Turn turn);

    /** The body of an error answer. */
    byte[] body(ApiError error, String requestId);

    /** The header that names the request in every answer. */
    String requestIdHeader();

    /** An event of a stream that breaks off in the middle of its JSON. */
    byte[] malformedEvent();
}
