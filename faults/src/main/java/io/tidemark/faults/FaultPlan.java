package io.tidemark.faults;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.tidemark.faults.Target.Role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which faults come when: the same for the same seed, length and layout. Immutable.
 *
 * <p>Faults overlap, within three rules. Nothing is hit again before it has had time to recover.
 * One worker and one edge are always left alone, and of three brokers two, so that there is
 * somebody to recover to. And after the first kill of a worker, and after every second one on
 * average, there is quiet for as long as a takeover may take: those are the ones that can be
 * measured.
 *
 * <p>Where there are several projectors they alone are hit, one of them is always left alone, and
 * the first that is killed comes back without its data.
 *
 * <p>Once in {@link #OUTAGE_EVERY} of a long run all of Kafka goes away for one to two minutes; it
 * comes alone, between two faults that are over.
 */
record FaultPlan(long seed, List<Planned> faults) {
    private static final Duration FIRST_AT = Duration.ofSeconds(12);
    private static final Duration OUTAGE_FIRST_AT = Duration.ofMinutes(8);
    private static final Duration OUTAGE_EVERY = Duration.ofMinutes(20);
    private static final int OUTAGE_SECONDS_MIN = 60;
    private static final int OUTAGE_SECONDS_MAX = 120;
    private static final int GAP_SECONDS_MIN = 3;
    private static final int GAP_SECONDS_MAX = 17;
    private static final int GAP_SECONDS_MAX_OF_PROJECTORS = 6;

    /** A fault and its time, counted from the beginning of the load. */
    record Planned(Duration at, Fault fault) {
        @Override
        public String toString() {
            return "%7.1fs  %s".formatted(at.toMillis() / 1e3, fault.shown());
        }
    }

    FaultPlan {
        faults = List.copyOf(faults);
    }

    /** The names of all kinds that a plan for this layout may have. */
    static Set<String> kinds(Layout layout) {
        var dealt =
                Arrays.stream(Card.values())
                        .filter(card -> card.perDeck(layout) > 0)
                        .map(Card::kind);
        return Stream.concat(dealt, outages(layout)).collect(toUnmodifiableSet());
    }

    private static Stream<String> outages(Layout layout) {
        return layout.aboutProjectors()
                ? Stream.empty()
                : Stream.of(new Fault.Away(Duration.ZERO).kind());
    }

    /** Draws a plan. */
    static FaultPlan draw(long seed, Duration length, Layout layout) {
        return draw(seed, length, layout, Set.of());
    }

    /**
     * Draws a plan that leaves something out.
     *
     * @param without the kinds of {@link Fault#kind} that do not come
     */
    static FaultPlan draw(long seed, Duration length, Layout layout, Set<String> without) {
        var drawing = new Drawing(new Random(seed), layout, without);
        return new FaultPlan(seed, drawing.until(length));
    }

    /** One line for each fault. */
    String lines() {
        return faults.stream().map(Planned::toString).collect(joining("\n"));
    }

    /**
     * What can be drawn, how often in each deck and in each deck about projectors, and for how long
     * it lasts.
     */
    private enum Card {
        WORKER_KILLED(Role.WORKER, 3, 0, 0, 14),
        WORKER_PAUSED(Role.WORKER, 2, 0, 2, 16),
        WORKER_CUT(Role.WORKER, 1, 0, 2, 16),
        WORKER_RESTARTED(Role.WORKER, 1, 0, 0, 0),
        EDGE_KILLED(Role.EDGE, 2, 0, 0, 8),
        EDGE_PAUSED(Role.EDGE, 1, 0, 2, 16),
        EDGE_RESET(Role.EDGE, 1, 0, 0, 0),
        BROKER_KILLED(Role.BROKER, 2, 0, 0, 6),
        BROKER_RESTARTED(Role.BROKER, 1, 0, 0, 0),
        /* Longer than a session, so that some come back to others' having what was theirs. */
        PROJECTOR_KILLED(Role.PROJECTOR, 1, 4, 0, 12),
        PROJECTOR_EMPTIED(Role.PROJECTOR, 0, 1, 0, 12),
        PROJECTOR_PAUSED(Role.PROJECTOR, 0, 1, 2, 16),
        PROJECTOR_RESTARTED(Role.PROJECTOR, 0, 2, 0, 0),
        PROVIDER_RESET(Role.PROVIDER, 1, 0, 0, 0),
        PROVIDER_STALLED(Role.PROVIDER, 1, 0, 2, 12);

        private final Role role;
        private final int ofAll;
        private final int ofProjectors;
        private final int secondsMin;
        private final int secondsMax;

        Card(Role role, int ofAll, int ofProjectors, int secondsMin, int secondsMax) {
            this.role = role;
            this.ofAll = ofAll;
            this.ofProjectors = ofProjectors;
            this.secondsMin = secondsMin;
            this.secondsMax = secondsMax;
        }

        int perDeck(Layout layout) {
            return layout.aboutProjectors() ? ofProjectors : ofAll;
        }

        String kind() {
            return fault(new Target(role, 0), Duration.ZERO).kind();
        }

        Fault fault(Target target, Duration lasts) {
            return switch (this) {
                case WORKER_KILLED, EDGE_KILLED, BROKER_KILLED, PROJECTOR_KILLED ->
                        new Fault.Killed(target, lasts);
                case PROJECTOR_EMPTIED -> new Fault.Emptied(target, lasts);
                case WORKER_PAUSED, EDGE_PAUSED, PROJECTOR_PAUSED ->
                        new Fault.Paused(target, lasts);
                case WORKER_CUT -> new Fault.Cut(target, lasts);
                case WORKER_RESTARTED, BROKER_RESTARTED, PROJECTOR_RESTARTED ->
                        new Fault.Restarted(target);
                case EDGE_RESET, PROVIDER_RESET -> new Fault.Reset(target);
                case PROVIDER_STALLED -> new Fault.Stall(target, lasts);
            };
        }
    }

    /** Time that a part takes to be whole again, after what the plan knows of a fault is over. */
    private static Duration recovery(Fault fault) {
        return switch (fault.target().role()) {
            case KAFKA, BROKER -> Duration.ofSeconds(25);
            /* One that stops in good order first drains, for half a minute. */
            case WORKER -> Duration.ofSeconds(fault instanceof Fault.Restarted ? 40 : 16);
            case EDGE, PROJECTOR -> Duration.ofSeconds(10);
            case PROVIDER -> Duration.ofSeconds(3);
        };
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Confined to one thread; used once. */
    private static final class Drawing {
        private final Random random;
        private final Layout layout;
        private final Set<String> without;
        private final List<Card> deck = new ArrayList<>();
        private final Map<Target, Duration> busyUntil = new HashMap<>();
        private final List<Planned> faults = new ArrayList<>();
        private Duration nextOutage = OUTAGE_FIRST_AT;

        Drawing(Random random, Layout layout, Set<String> without) {
            this.random = random;
            this.layout = layout;
            this.without = without;
        }

        private boolean outages() {
            return !without.contains(new Fault.Away(Duration.ZERO).kind())
                    && !layout.aboutProjectors();
        }

        List<Planned> until(Duration length) {
            for (var at = FIRST_AT; at.compareTo(length) < 0; ) {
                if (outages() && at.compareTo(nextOutage) >= 0) {
                    at = outage(at, length);
                    continue;
                }
                var drawn = next(at);
                if (drawn.isPresent()) {
                    faults.add(new Planned(at, drawn.get()));
                    at = at.plus(gapAfter(drawn.get()));
                } else {
                    at = at.plusSeconds(1);
                }
            }
            return faults;
        }

        /* Gives the time at which it is over. */
        private Duration outage(Duration at, Duration length) {
            nextOutage = nextOutage.plus(OUTAGE_EVERY);
            var from = busyUntil.values().stream().reduce(at, FaultPlan::later);
            var fault =
                    new Fault.Away(
                            Duration.ofMillis(
                                    random.nextInt(
                                            OUTAGE_SECONDS_MIN * 1000, OUTAGE_SECONDS_MAX * 1000)));
            var over = from.plus(fault.lasts()).plus(recovery(fault));
            if (over.compareTo(length) >= 0) {
                return at;
            }
            faults.add(new Planned(from, fault));
            return over;
        }

        /* The first card that can be played; the ones before it stay where they are. */
        private Optional<Fault> next(Duration at) {
            if (deck.isEmpty()) {
                shuffle();
            }
            for (var card : deck) {
                var free = free(card.role, at);
                if (!free.isEmpty()) {
                    deck.remove(card);
                    return Optional.of(play(card, free.get(random.nextInt(free.size())), at));
                }
            }
            return Optional.empty();
        }

        private void shuffle() {
            for (var card : cards()) {
                deck.addAll(Collections.nCopies(card.perDeck(layout), card));
            }
            Collections.shuffle(deck, random);
            var first = layout.aboutProjectors() ? Card.PROJECTOR_EMPTIED : Card.WORKER_KILLED;
            if (faults.isEmpty() && deck.remove(first)) {
                deck.addFirst(first);
            }
        }

        private List<Card> cards() {
            return Arrays.stream(Card.values())
                    .filter(card -> !without.contains(card.kind()))
                    .toList();
        }

        private List<Target> free(Role role, Duration at) {
            int count = layout.count(role);
            var free =
                    IntStream.range(0, count)
                            .mapToObj(number -> new Target(role, number))
                            .filter(target -> at.compareTo(busyUntil(target)) >= 0)
                            .toList();
            int left = role == Role.BROKER ? count - 1 : Math.min(1, count - 1);
            return free.size() > left ? free : List.of();
        }

        private Duration busyUntil(Target target) {
            return busyUntil.getOrDefault(target, Duration.ZERO);
        }

        private Fault play(Card card, Target target, Duration at) {
            int millis = card.secondsMax * 1000;
            var lasts =
                    Duration.ofMillis(
                            millis == 0 ? 0 : random.nextInt(card.secondsMin * 1000, millis));
            var fault = card.fault(target, lasts);
            busyUntil.put(target, at.plus(lasts).plus(recovery(fault)));
            return fault;
        }

        private int gapSecondsMax() {
            return layout.aboutProjectors() ? GAP_SECONDS_MAX_OF_PROJECTORS : GAP_SECONDS_MAX;
        }

        private Duration gapAfter(Fault fault) {
            var gap =
                    Duration.ofMillis(
                            random.nextInt(GAP_SECONDS_MIN * 1000, gapSecondsMax() * 1000));
            boolean death = fault instanceof Fault.Killed && fault.target().role() == Role.WORKER;
            boolean quiet = death && (faults.size() == 1 || random.nextBoolean());
            return quiet ? Recoveries.LONGEST.plusSeconds(1) : gap;
        }
    }
}
