package io.tidemark.ingest.internal.responses;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which handler reads which type of event: the mapping of {@code docs/protocol.md} for the
 * Responses API, with the types that are on the wire and in no document. Immutable.
 */
final class FrameTable {
    private static final String OWN_PREFIX = "response.";
    private static final Map<String, FrameHandler> HANDLERS = handlers();

    private FrameTable() {}

    /**
     * Has the frame handled; one of a type that is not in the table is passed on verbatim, unless
     * it is how some servers report errors: by the error's own type.
     */
    static void handle(LiveResponse response, ProviderFrame frame) {
        var handler = HANDLERS.get(frame.type());
        if (handler != null) {
            handler.handle(response, frame);
        } else if (frame.node("error").isObject() && !frame.type().startsWith(OWN_PREFIX)) {
            LifecycleFrames.error(response, frame);
        } else {
            response.unmapped().type(frame.type(), frame.json(), frame.chars());
        }
    }

    /** All types in the table. */
    static Set<String> types() {
        return HANDLERS.keySet();
    }

    private static Map<String, FrameHandler> handlers() {
        var all = new TreeMap<String, FrameHandler>();
        List.of(
                        LifecycleFrames.TABLE,
                        ItemFrames.TABLE,
                        TextFrames.TABLE,
                        AudioFrames.TABLE,
                        ToolFrames.TABLE,
                        ToolProgressFrames.TABLE)
                .forEach(all::putAll);
        return Map.copyOf(all);
    }
}
