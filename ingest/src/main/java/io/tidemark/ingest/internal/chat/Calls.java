package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The calls of a choice, and which of them a piece belongs to. Servers tell by id, by index, by
 * both, or not at all; some have one id or one index for all calls, some make up a new id with each
 * piece. What holds of all: only the first piece of a call need have a name, and the pieces of one
 * delta with names belong to different calls. Confined to one thread.
 */
final class Calls {
    private final Choice choice;
    private final List<Call> calls = new ArrayList<>();

    Calls(Choice choice) {
        this.choice = choice;
    }

    /** Whether a call was sent. */
    boolean called() {
        return calls.stream().anyMatch(Call::sent);
    }

    /**
     * Reads {@code tool_calls}.
     *
     * @param stated a list, or one call by itself
     * @return whether it is that
     */
    boolean read(JsonNode stated, Wording wording) {
        if (stated.isObject()) {
            read(CallPiece.of(stated), 0, new HashSet<>(), wording);
            return true;
        }
        var here = new HashSet<Call>();
        int place = 0;
        for (var element : stated) {
            if (element.isObject()) {
                read(CallPiece.of(element), place++, here, wording);
            }
        }
        return stated.isArray();
    }

    /** Reads {@code function_call}. */
    void readLegacy(JsonNode stated, Wording wording) {
        read(CallPiece.legacy(stated), 0, new HashSet<>(), wording);
    }

    private void read(CallPiece piece, int place, Set<Call> here, Wording wording) {
        var known = wording == Wording.PIECE ? find(piece, here) : restated(piece, place);
        var call = known == null ? open(piece) : known;
        here.add(call);
        /* Some end with all of the call once more. */
        boolean again = piece.name() != null && piece.begins() && call.complete();
        call.add(piece, again ? Wording.WHOLE : wording);
    }

    private Call open(CallPiece piece) {
        var call = new Call(choice, piece);
        calls.add(call);
        return call;
    }

    /* A message lists its calls in order, if not with their indexes. */
    private @Nullable Call restated(CallPiece piece, int place) {
        var known = piece.id() == null ? null : withId(piece);
        return known == null && place < calls.size() ? calls.get(place) : known;
    }

    private @Nullable Call find(CallPiece piece, Set<Call> here) {
        var known = piece.id() == null ? null : withId(piece);
        if (known != null) {
            return known;
        }
        var near = piece.index() == null ? last() : at(piece.index());
        return near != null && continues(near, piece, here) ? near : null;
    }

    private @Nullable Call withId(CallPiece piece) {
        return latest(
                calls.stream()
                        .filter(call -> Objects.equals(call.id(), piece.id()))
                        .filter(call -> agree(call.index(), piece.index()))
                        .toList());
    }

    private static boolean agree(@Nullable Integer one, @Nullable Integer other) {
        return one == null || other == null || one.equals(other);
    }

    private @Nullable Call at(int index) {
        return latest(calls.stream().filter(call -> agree(call.index(), index)).toList());
    }

    private @Nullable Call last() {
        return latest(calls);
    }

    private static @Nullable Call latest(List<Call> calls) {
        return calls.isEmpty() ? null : calls.getLast();
    }

    private static boolean continues(Call call, CallPiece piece, Set<Call> here) {
        if (piece.name() == null || call.name() == null) {
            return true;
        }
        boolean another = piece.id() != null && call.id() != null;
        if (another || here.contains(call) || (piece.begins() && call.complete())) {
            return false;
        }
        boolean repeated = piece.name().equals(call.name());
        return repeated || (piece.index() != null && !call.begun());
    }
}
