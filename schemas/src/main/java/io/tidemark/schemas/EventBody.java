package io.tidemark.schemas;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an event says, without the envelope: one record for each type of {@code docs/protocol.md},
 * in five families, and {@link Unknown} for what a newer writer may send.
 *
 * <pre>{@code
 * switch (event.body()) {
 *     case LifecycleBody lifecycle -> ...  // started, status, warning, completed, failed
 *     case ItemBody item -> ...            // item started and completed, content completed
 *     case DeltaBody delta -> ...          // text, reasoning, refusal, audio, transcript, ...
 *     case ToolBody tool -> ...            // tool delta, call, status, result
 *     case ReportBody report -> ...        // usage, safety, session, conversation, ...
 *     case EventBody.Unknown(var type, var raw) -> ...  // count its sequence, ignore the rest
 * }
 * }</pre>
 *
 * <p>All implementations are immutable. Those that hold model output or prompts print sizes, never
 * contents, in {@code toString}.
 */
public sealed interface EventBody
        permits LifecycleBody, ItemBody, DeltaBody, ToolBody, ReportBody, EventBody.Unknown {
    /** Whether this is the last event of its stream: its {@code final} field. */
    default boolean terminal() {
        return false;
    }

    /**
     * An event that this version cannot read: a type, or a value in a known type, that it does not
     * know. Readers count its sequence and pass it on; writers never produce it.
     *
     * @param type the wire name found
     * @param raw the whole event as it was read, envelope included
     */
    record Unknown(String type, ObjectNode raw) implements EventBody {
        public Unknown {
            raw = raw.deepCopy();
        }

        @Override
        public boolean terminal() {
            return EventType.endsStream(type) || raw.path("final").booleanValue();
        }

        @Override
        public String toString() {
            return "Unknown[type=" + type + ", fields=" + raw.size() + "]";
        }
    }
}
