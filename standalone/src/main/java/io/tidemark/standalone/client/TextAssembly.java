package io.tidemark.standalone.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client makes of the events it receives: the answer's text, and the list of events as they
 * came. It refuses a sequence that is not the next one, so that a hole or a repetition cannot go
 * unseen. Confined to one thread.
 */
public final class TextAssembly {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ReceivedEvent> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /**
     * Takes in the next event.
     *
     * @return the text that it adds to the answer; empty for an event that adds none
     * @throws IllegalStateException if its sequence is not the next one
     */
    public String add(ReceivedEvent event) {
        if (event.sequence() != events.size()) {
            throw new IllegalStateException(
                    "expected sequence " + events.size() + ", received " + event.sequence());
        }
        events.add(event);
        if (!event.type().equals("text.delta")) {
            return "";
        }
        var piece = json(event).path("text").asText();
        text.append(piece);
        return piece;
    }

    /** The JSON of an event. */
    public static JsonNode json(ReceivedEvent event) {
        try {
            return JSON.readTree(event.data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("event " + event.sequence() + " does not hold JSON", e);
        }
    }

    /** The last sequence taken in; -1 before the first. */
    public long tidemark() {
        return events.size() - 1L;
    }

    /** Whether the terminal event was taken in. */
    public boolean ended() {
        return !events.isEmpty() && events.getLast().terminal();
    }

    /** The answer's text so far. */
    public String text() {
        return text.toString();
    }

    /** The events so far, in order. */
    public List<ReceivedEvent> events() {
        return List.copyOf(events);
    }
}
