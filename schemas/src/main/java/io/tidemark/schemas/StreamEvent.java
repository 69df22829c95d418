package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

/**
 * One event of one stream, as it stands in the log and at every reader. Immutable.
 *
 * @param requestId the stream
 * @param sequence position in the stream: gapless from 0, the only order there is
 * @param at when the event was normalised, in epoch milliseconds; never used for order
 * @param placement where in the response it belongs
 * @param body what it says
 */
public record StreamEvent(
        StreamId requestId, long sequence, long at, Placement placement, EventBody body) {
    public StreamEvent {
        requireNonNull(requestId, "requestId");
        requireNonNull(placement, "placement");
        requireNonNull(body, "body");
        /* Envelope and body share one flat object, and provider.event has this field of its own. */
        if (body instanceof ReportBody.ProviderEvent) {
            placement = placement.withProviderType(null);
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative, was " + sequence);
        }
        if (at < 0) {
            throw new IllegalArgumentException("at must not be negative, was " + at);
        }
    }

    /** The wire name of what it says. */
    public String type() {
        return EventType.nameOf(body);
    }

    /** Whether nothing follows it. */
    public boolean terminal() {
        return body.terminal();
    }
}
