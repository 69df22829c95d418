package io.tidemark.edge.internal.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which pages may read streams in a browser, by the origin that it says they have. */
@FunctionalInterface
interface Origins {
    /**
     * Whether a page of this origin may.
     *
     * @param origin the header {@code Origin}; null where no browser asks
     * @param host the header {@code Host}; null where there is none
     */
    boolean allow(@Nullable String origin, @Nullable String host);

    /** Pages that this edge has given out itself: their origin is where they ask. */
    static Origins same() {
        return (origin, host) -> origin == null || (host != null && isAt(origin, host));
    }

    /**
     * The same, and those that are named.
     *
     * @param named as browsers spell them, or {@code *} for all
     */
    static Origins sameOr(List<String> named) {
        var others = Set.copyOf(named);
        var same = same();
        return (origin, host) ->
                same.allow(origin, host)
                        || others.contains("*")
                        || (origin != null && others.contains(origin));
    }

    private static boolean isAt(String origin, String host) {
        var text = origin.toLowerCase(Locale.ROOT);
        var place = host.toLowerCase(Locale.ROOT);
        if (text.startsWith("https://")) {
            return without(":443", text.substring(8)).equals(without(":443", place));
        }
        return text.startsWith("http://")
                && without(":80", text.substring(7)).equals(without(":80", place));
    }

    private static String without(String port, String place) {
        return place.endsWith(port) ? place.substring(0, place.length() - port.length()) : place;
    }
}
