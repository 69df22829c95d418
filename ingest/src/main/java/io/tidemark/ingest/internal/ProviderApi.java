package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

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

    /** A request in no dialect, as a native body of this one; it still has to be prepared. */
    ObjectNode translate(NeutralRequest request);

    /** How it takes a key. */
    default KeyHeader keyHeader() {
        return KeyHeader.BEARER;
    }

    /**
     * How a response is reached again after its connection was lost; present only if the request
     * makes the provider go on with it by itself.
     *
     * @param request the body as it was prepared
     */
    default Optional<Resumption> resumption(JsonNode request) {
        return Optional.empty();
    }

    /** A new normaliser; each upstream attempt needs its own. */
    Normaliser normaliser(NormaliserContext context);

    /**
     * The header that a key is sent in.
     *
     * @param name the header's name
     * @param prefix what stands before the key; empty where nothing does
     */
    record KeyHeader(String name, String prefix) {
        /** RFC 6750. */
        public static final KeyHeader BEARER = new KeyHeader("authorization", "Bearer ");

        public KeyHeader {
            requireNonNull(name, "name");
            requireNonNull(prefix, "prefix");
        }
    }
}
