package io.tidemark.faults;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A range of IPv4 addresses. Immutable.
 *
 * @param address of which the first {@code bits} bits count
 * @param bits 0 to 32
 */
record Subnet(int address, int bits) {
    private static final Pattern DESTINATION =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    private static final int OURS = 10 << 24 | 231 << 16;
    private static final int OURS_BITS = 24;
    private static final int OURS_COUNT = 256;

    Subnet {
        if (bits < 0 || bits > Integer.SIZE) {
            throw new IllegalArgumentException("bits must be 0 to 32, were " + bits);
        }
    }

    /**
     * One of 10.231.0.0/24 to 10.231.255.0/24 that no route leads to, but for the default route.
     *
     * @param first the number of the one that is tried first
     * @param routes as {@code ip -4 -oneline route show table all} prints them
     * @throws IllegalStateException if all of them are used
     */
    static Subnet unused(int first, List<String> routes) {
        var used = routes.stream().flatMap(Subnet::destination).toList();
        return IntStream.range(0, OURS_COUNT)
                .mapToObj(i -> new Subnet(OURS | (first + i) % OURS_COUNT << 8, OURS_BITS))
                .filter(subnet -> used.stream().noneMatch(subnet::overlaps))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "all of 10.231.0.0/16 is used: there is a route to each /24 of it"));
    }

    /* The first address of the line; what the default route has instead is no address. */
    private static Stream<Subnet> destination(String route) {
        var match = DESTINATION.matcher(route);
        if (route.startsWith("default") || !match.find()) {
            return Stream.empty();
        }
        int address = 0;
        for (int part = 1; part <= 4; part++) {
            address = address << 8 | Integer.parseInt(match.group(part));
        }
        var bits = match.group(5);
        return Stream.of(new Subnet(address, bits == null ? Integer.SIZE : Integer.parseInt(bits)));
    }

    /** Whether some address is in both. */
    boolean overlaps(Subnet other) {
        int common = Math.min(bits, other.bits);
        return common == 0 || (address ^ other.address) >>> (Integer.SIZE - common) == 0;
    }

    /** The address that is so many behind its first. */
    String host(int number) {
        int host = address + number;
        return "%d.%d.%d.%d"
                .formatted(host >>> 24, host >>> 16 & 255, host >>> 8 & 255, host & 255);
    }
}
