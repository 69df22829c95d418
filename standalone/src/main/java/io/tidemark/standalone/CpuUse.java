package io.tidemark.standalone;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The time that the machine's cores have worked until now, or between two looks. Immutable.
 *
 * @param seconds when it was looked, or between two looks
 * @param roles seconds of CPU, by role, of all its processes
 * @param threads seconds of CPU of each of their threads
 * @param machine seconds of CPU that the whole machine was busy, for whomever
 */
record CpuUse(
        double seconds,
        Map<ScaleRole, Double> roles,
        Map<CpuThread, Double> threads,
        double machine) {
    CpuUse {
        roles = Map.copyOf(roles);
        threads = Map.copyOf(threads);
    }

    /**
     * A thread of a process.
     *
     * @param id the kernel's number of it
     * @param name as the kernel keeps it, which is 15 characters of it
     */
    record CpuThread(ScaleRole role, long id, String name) {}

    /** What was used since an earlier look; by threads that have ended in between, nothing. */
    CpuUse since(CpuUse earlier) {
        var rolesSince = new EnumMap<ScaleRole, Double>(ScaleRole.class);
        roles.forEach(
                (role, used) -> rolesSince.put(role, used - earlier.roles.getOrDefault(role, 0.0)));
        var threadsSince = new HashMap<CpuThread, Double>();
        threads.forEach((thread, used) ->
                threadsSince.put(thread, used - earlier.threads.getOrDefault(thread, 0.0)));
        return new CpuUse(
                seconds - earlier.seconds, rolesSince, threadsSince, machine - earlier.machine);
    }

    /** Seconds of CPU of a role. */
    double of(ScaleRole role) {
        return roles.getOrDefault(role, 0.0);
    }

    /** Cores that all roles have kept busy. */
    double cores() {
        return roles.values().stream().mapToDouble(Double::doubleValue).sum() / seconds;
    }

    /** Cores that everybody has kept busy, others on the machine included. */
    double machineCores() {
        return machine / seconds;
    }

    /** Cores that others on the machine have kept busy. */
    double othersCores() {
        return Math.max(0, machineCores() - cores());
    }
}
