package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * What the value of a record was read as: a {@link Value}, or {@link Malformed} with what is wrong
 * with it. So one bad record is something a consumer decides about, and never the exception that
 * stops it.
 *
 * <pre>{@code
 * switch (record.value()) {
 *     case null -> // no value: a fence of events, the deletion of a result
 *     case Decoded.Value(var row) -> // what it holds
 *     case Decoded.Malformed(var field, var problem, _) -> // count it, pass it by
 * }
 * }</pre>
 *
 * <p>Immutable.
 */
public sealed interface Decoded<T> {
    /**
     * What the record holds. An event of a type that this version does not know is one too: its
     * body is {@link EventBody.Unknown}.
     */
    record Value<T>(T value) implements Decoded<T> {
        public Value {
            requireNonNull(value, "value");
        }
    }

    /**
     * A value that is not what the contract says. Holds nothing of it.
     *
     * @param field the field that is wrong, or {@code value} for the whole
     * @param problem what is wrong, without quoting the value
     * @param sizeBytes size of the value
     */
    record Malformed<T>(String field, String problem, int sizeBytes) implements Decoded<T> {
        public Malformed {
            requireNonNull(field, "field");
            requireNonNull(problem, "problem");
        }
    }

    /** Reads a value with a codec of the contract; null stays null. */
    static <T> @Nullable Decoded<T> of(byte @Nullable [] data, Function<byte[], T> codec) {
        if (data == null) {
            return null;
        }
        try {
            return new Value<>(codec.apply(data));
        } catch (MalformedRecordException e) {
            return new Malformed<>(e.field(), String.valueOf(e.getMessage()), data.length);
        }
    }
}
