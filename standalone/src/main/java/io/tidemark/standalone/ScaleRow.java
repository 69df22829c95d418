package io.tidemark.standalone;

import io.tidemark.standalone.ScaleLoads.Peak;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured of one installation. Immutable.
 *
 * @param steady the load that is the same for all
 * @param peak as much as it could take
 */
record ScaleRow(String label, ScaleShape shape, Latencies steady, Peak peak) {
    private static final double PER_THOUSAND = 1_000;

    /** Seconds of CPU that a role took for a thousand events that readers got. */
    double cpuPerThousand(ScaleRole role) {
        return peak.cpu().of(role) * PER_THOUSAND / events();
    }

    private double events() {
        return peak.eventsPerSecond() * peak.cpu().seconds();
    }

    /**
     * Events of the log for each second of CPU of one process: workers share them, and each edge
     * follows all of them, whoever reads them where.
     */
    double perCpuSecondOfOne(ScaleRole role) {
        int followers = role == ScaleRole.EDGE ? shape.edges() : 1;
        return events() * followers / peak.cpu().of(role);
    }

    /**
     * Events a second that the installation could have if each process had a core, and all of it.
     */
    Map<ScaleRole, Double> withCores() {
        var most = new LinkedHashMap<ScaleRole, Double>();
        for (var role : ScaleRole.values()) {
            if (role != ScaleRole.CLIENTS) {
                int sharing = role == ScaleRole.WORKER ? shape.workers() : 1;
                most.put(role, perCpuSecondOfOne(role) * sharing);
            }
        }
        return most;
    }
}
