package io.tidemark.standalone;

import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Instant;

/** Between which times the streams of a command were asked for. */
final class RangeOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Converters.TimeOrAgo.class,
            description =
                    "streams asked for at this time or later, such as 2026-11-21T09:00:00Z, or 2h for"
                            + " two hours ago")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Converters.TimeOrAgo.class,
            description = "streams asked for before this time")
    private @Nullable Instant until;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Whether a range begins anywhere. */
    boolean hasStart() {
        return since != null;
    }

    /**
     * The streams of the range, or one.
     *
     * @param id the one stream that {@code --id} names; null for the range, which is everything
     *     where no time is given
     * @throws ParameterException if both are given, or the range is none
     */
    Scope scope(@Nullable StreamId id) {
        if (id != null) {
            requireNone("--id names one stream");
            return new Scope.One(id);
        }
        return since == null && until == null ? new Scope.Everything() : between();
    }

    /**
     * Refuses a range.
     *
     * @param because why there is none to be given
     */
    void requireNone(String because) {
        if (since != null || until != null) {
            throw misuse(because + ": leave --since and --until out", null);
        }
    }

    private Scope between() {
        try {
            return new Scope.Between(since, until);
        } catch (IllegalArgumentException e) {
            throw misuse("--since, --until: " + e.getMessage(), e);
        }
    }

    private ParameterException misuse(String message, @Nullable Exception cause) {
        return new ParameterException(command.commandLine(), message, cause);
    }
}
