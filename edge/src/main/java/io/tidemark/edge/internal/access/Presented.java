package io.tidemark.edge.internal.access;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The credentials that a request brings along, as they came.
 *
 * @param authorization values of the {@code Authorization} header
 * @param tokens values of {@code ?token=}
 */
public record Presented(List<String> authorization, List<String> tokens) {
    private static final Pattern BEARER =
            Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

    public Presented {
        authorization = List.copyOf(authorization);
        tokens = List.copyOf(tokens);
    }

    /** Whether there is exactly one, so that nobody has to choose. */
    boolean single() {
        return authorization.size() + tokens.size() == 1;
    }

    /** What stands behind {@code Bearer}, if there is one header that says so (RFC 6750). */
    Optional<String> bearer() {
        if (authorization.size() != 1) {
            return Optional.empty();
        }
        var match = BEARER.matcher(authorization.getFirst());
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "Presented[authorization="
                + authorization.size()
                + ", tokens="
                + tokens.size()
                + "]";
    }
}
