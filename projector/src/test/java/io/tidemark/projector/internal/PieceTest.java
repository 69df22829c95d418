package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;

final class PieceTest {
    @Test
    void givesBackWhatWasAppended() {
        byte[] piece = Piece.append(null, event(1, 7, "a"));
        piece = Piece.append(piece, event(2, 8, "bcd"));

        var found = new ArrayList<String>();
        Piece.visit(
                piece,
                (sequence, attempt, json) ->
                        found.add(
                                sequence
                                        + "/"
                                        + attempt
                                        + "/"
                                        + new String(json, StandardCharsets.UTF_8)));
        assertThat(found).containsExactly("7/1/a", "8/2/bcd");
    }

    @Test
    void leavesThePieceBeforeAsItWas() {
        byte[] before = Piece.append(null, event(1, 0, "a"));
        byte[] copy = before.clone();

        Piece.append(before, event(1, 1, "b"));

        assertThat(before).isEqualTo(copy);
    }

    @Test
    void sortsThePiecesOfAStreamByNumber() {
        var id = SampleStream.of(0, 1, 1).id();

        assertThat(Arrays.compareUnsigned(Piece.key(id, 255), Piece.key(id, 256))).isNegative();
    }

    @Test
    void refusesAPieceOfAnotherVersion() {
        assertThatThrownBy(() -> Piece.visit(new byte[9], (_, _, _) -> {}))
                .hasMessage("a piece must be version 1, was 0");
    }

    private static AcceptedEvent event(int attempt, long sequence, String json) {
        return new AcceptedEvent(
                new Attempt(0, attempt),
                sequence,
                false,
                0,
                0,
                json.getBytes(StandardCharsets.UTF_8));
    }
}
