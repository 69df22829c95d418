package io.tidemark.faults;

import static java.util.stream.Collectors.joining;

import io.tidemark.faults.Target.Role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Faults that come one after the other, each when everything is whole again. Immutable.
 *
 * @param faults in order
 */
record Steps(List<Fault> faults) {
    /** How long everything is whole before each of them. */
    static final Duration QUIET = Duration.ofSeconds(8);

    /* Who reads goes before who writes: docs/operations.md, "Upgrading". */
    private static final List<Role> UPGRADE =
            List.of(Role.BROKER, Role.PROJECTOR, Role.WORKER, Role.EDGE);

    Steps {
        faults = List.copyOf(faults);
    }

    /** Each broker leads everything when it is killed, and so does the one that is cut off. */
    static Steps ofBrokers(Layout layout, Duration killedFor, Duration cutFor) {
        var faults = new ArrayList<Fault>();
        for (var broker : targets(layout, Role.BROKER)) {
            faults.add(new Fault.Led(broker));
            faults.add(new Fault.Killed(broker, killedFor));
        }
        var first = new Target(Role.BROKER, 0);
        faults.add(new Fault.Led(first));
        faults.add(new Fault.Cut(first, cutFor));
        return new Steps(faults);
    }

    /** Every process of every role is restarted. */
    static Steps rolling(Layout layout) {
        return new Steps(
                UPGRADE.stream()
                        .flatMap(role -> targets(layout, role).stream())
                        .<Fault>map(Fault.Restarted::new)
                        .toList());
    }

    private static List<Target> targets(Layout layout, Role role) {
        return IntStream.range(0, layout.count(role))
                .mapToObj(number -> new Target(role, number))
                .toList();
    }

    /** One line for each. */
    String lines() {
        return faults.stream().map(Fault::shown).collect(joining("\n"));
    }
}
