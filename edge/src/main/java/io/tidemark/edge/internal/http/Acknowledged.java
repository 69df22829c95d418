package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * How far a client of a WebSocket has come by its own word, and how many events it has been sent
 * beyond that. Of those it keeps the sequences, at most as many as may be sent. Confined to one
 * thread.
 */
final class Acknowledged {
    /** Most events that a client may ask for beyond what it has acknowledged. */
    static final int UNACKED_MAX = 1_000;

    private static final int NO_BOUND = 0;

    private final long[] unacked;
    private int first;
    private int count;
    private long sent;

    /**
     * Nothing sent yet.
     *
     * @param bound most events beyond the last acknowledged one; 0 for no bound
     * @param tidemark the sequence behind which the client goes on; -1 for none
     */
    Acknowledged(int bound, long tidemark) {
        this.unacked = new long[bound];
        this.sent = tidemark;
    }

    /** Whether one more event may be sent. */
    boolean room() {
        return unacked.length == NO_BOUND || count < unacked.length;
    }

    /** The client was told that its tidemark is here now. */
    void moved(long sequence) {
        sent = sequence;
    }

    /** An event was sent, for which there was room. */
    void sent(long sequence) {
        sent = sequence;
        if (unacked.length != NO_BOUND) {
            unacked[(first + count) % unacked.length] = sequence;
            count++;
        }
    }

    /**
     * Takes a client's message, {@code {"ack": n}}.
     *
     * @return what is wrong with it; null if nothing is
     */
    @Nullable String take(String message) {
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(message);
        } catch (JsonProcessingException e) {
            return "a message must be a JSON object with ack";
        }
        var ack = json.path("ack");
        if (!json.isObject() || json.size() != 1 || !json.has("ack")) {
            return "a message must be a JSON object with ack and nothing else";
        }
        if (!ack.isIntegralNumber() || !ack.canConvertToLong() || ack.longValue() < 0) {
            return "ack must be a whole number from 0";
        }
        if (ack.longValue() > sent) {
            return "ack must not be beyond " + sent + ", the last sequence sent";
        }
        acknowledge(ack.longValue());
        return null;
    }

    private void acknowledge(long sequence) {
        while (count > 0 && unacked[first] <= sequence) {
            first = (first + 1) % unacked.length;
            count--;
        }
    }
}
