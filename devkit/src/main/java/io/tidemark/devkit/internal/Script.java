package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.SimulatedUsage;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole answer, ready to be played: its events in order, the response they amount to, and the
 * usage that response reports. Immutable, as long as nobody changes the JSON.
 *
 * @param steps the events from {@code response.created} to the terminal one
 * @param response the terminal event's {@code response}
 * @param usage what it reports; nothing for a failed one
 */
record Script(List<Step> steps, ObjectNode response, SimulatedUsage usage) {

    Script {
        steps = List.copyOf(steps);
    }

    /** The events as a stream's frames, numbered from 0. */
    List<Frame> frames() {
        var frames = new ArrayList<Frame>(steps.size());
        for (var step : steps) {
            frames.add(step.frame(frames.size()));
        }
        return frames;
    }

    long tokens() {
        return steps.stream().filter(Step::token).count();
    }

    @Override
    public String toString() {
        return "Script[" + steps.size() + " steps]";
    }
}
