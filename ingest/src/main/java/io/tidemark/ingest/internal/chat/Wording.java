package io.tidemark.ingest.internal.chat;

import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.ingest.internal.output.OutputWriter;

/** How a text relates to what came before it. */
enum Wording {
    /** It follows: a {@code delta}. */
    PIECE,
    /** It repeats all that came before: a {@code message} after deltas, or a whole answer. */
    WHOLE,
    /** Either: a {@code message} where there are no deltas, as some servers stream. */
    EITHER;

    /** Writes it to a lane. */
    void write(OutputWriter writer, OutputItem item, LaneState lane, String text) {
        switch (this) {
            case PIECE -> writer.delta(item, lane, text, null);
            case WHOLE -> writer.restate(item, lane, text);
            case EITHER -> writer.pieceOrWhole(item, lane, text);
        }
    }
}
