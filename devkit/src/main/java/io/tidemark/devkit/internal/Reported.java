package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedUsage;

/**
 * What one answer reports that it used. Immutable.
 *
 * @param answerId what the API calls the answer, or the request where it gives answers no name
 * @param usage {@link SimulatedUsage#NONE} if it reports nothing
 */
record Reported(String answerId, SimulatedUsage usage) {

    static Reported nothing(String answerId) {
        return new Reported(answerId, SimulatedUsage.NONE);
    }
}
