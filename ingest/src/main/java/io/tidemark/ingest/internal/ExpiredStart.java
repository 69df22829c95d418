package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.StreamId;

import java.util.Map;

/**
 * Stands for a start that retention has removed, while its stream was open: nobody can tell what it
 * asked for, only end it. Section 7.3 of {@code docs/protocol.md}.
 */
final class ExpiredStart {
    /** What the log says of it where the start would have said it. */
    static final String UNKNOWN = "unknown";

    private ExpiredStart() {}

    static Command.Start of(StreamId id) {
        return new Command.Start(
                id,
                id.time().toEpochMilli(),
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                JsonNodeFactory.instance.objectNode(),
                OnDisconnect.CONTINUE,
                null,
                Map.of(),
                null);
    }
}
