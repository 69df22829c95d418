package io.tidemark.standalone;

import io.tidemark.standalone.CpuUse.CpuThread;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/** Tells what held a load up from what the cores did in that time. Stateless. */
final class Limit {
    /** Of a core, or of all: what is busier than that is what the others wait for. */
    private static final double BUSY = 0.9;

    private Limit() {}

    /**
     * What held it up, in a few words with the figures that say so.
     *
     * @param processors how many cores there are
     */
    static String of(CpuUse use, int processors) {
        double busy = Math.min(processors, Math.max(use.cores(), use.machineCores()));
        var busiest = use.threads().entrySet().stream().max(Map.Entry.comparingByValue());
        double ofBusiest = busiest.map(it -> it.getValue() / use.seconds()).orElse(0.0);
        if (busy >= BUSY * processors) {
            return String.format(
                    Locale.ROOT,
                    "cores: %.2f of %d busy, %.2f of them by others; most by %s, %.2f",
                    busy,
                    processors,
                    use.othersCores(),
                    most(use).label(),
                    use.of(most(use)) / use.seconds());
        }
        return String.format(
                Locale.ROOT,
                "%s: %s %.2f; %.2f of %d cores busy",
                ofBusiest >= BUSY ? "one thread" : "no processor, busiest thread",
                busiest.map(it -> name(it.getKey())).orElse("none"),
                ofBusiest,
                busy,
                processors);
    }

    private static ScaleRole most(CpuUse use) {
        return use.roles().entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(ScaleRole.CLIENTS);
    }

    private static String name(CpuThread thread) {
        return "%s of %s".formatted(thread.name(), thread.role().label());
    }
}
