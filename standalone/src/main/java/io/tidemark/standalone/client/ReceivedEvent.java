package io.tidemark.standalone.client;

/**
 * One event as it came over SSE.
 *
 * @param sequence the frame's {@code id}
 * @param type the frame's {@code event}
 * @param data the frame's {@code data}, which is the event's JSON
 */
public record ReceivedEvent(long sequence, String type, String data) {
    /** Whether nothing follows it. */
    public boolean terminal() {
        return type.equals("stream.completed") || type.equals("stream.failed");
    }

    @Override
    public String toString() {
        return "ReceivedEvent[sequence="
                + sequence
                + ", type="
                + type
                + ", chars="
                + data.length()
                + "]";
    }
}
