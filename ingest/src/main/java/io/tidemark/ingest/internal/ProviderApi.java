package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A provider API's dialect: how a request is made and how the stream it answers with is read.
 * Implementations are immutable and thread-safe; the normalisers they make are not.
 */
public interface ProviderApi {
    /** The name requests choose it by, such as {@code openai.responses}. */
    String name();

    /**
     * Checks the caller's native body and adds what streaming needs; never changes what it means.
     *
     * @param request the body as the caller sent it; it is not modified
     */
    Preparation prepare(@Nullable JsonNode request);

    /** A new normaliser; each upstream attempt needs its own. */
    Normaliser normaliser(NormaliserContext context);
}
