package io.tidemark.projector.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The shapes of one stream's events. They are kept once for each stream, beside its pieces, and
 * only ever grow: who has read the progress of a stream finds every shape that its pieces up to
 * there speak of. Confined to one thread.
 *
 * <pre>
 *   version (1 byte), then per shape: length (varint), template
 * </pre>
 */
final class Shapes {
    /** Most shapes of a stream; events of any further one are kept as they are. */
    static final int SHAPES_MAX = 16;

    /** Largest template that is kept, in bytes. */
    static final int TEMPLATE_BYTES_MAX = 512;

    /** No such shape, and no room for it. */
    static final int NONE = -1;

    private static final byte VERSION = 1;

    private final List<Shape> shapes = new ArrayList<>();

    /**
     * Those that these bytes hold.
     *
     * @throws IllegalStateException if another version wrote them, or nobody did
     */
    static Shapes decode(byte[] stored) {
        var source = new ByteSource(stored);
        int version = source.next();
        if (version != VERSION) {
            throw new IllegalStateException(
                    "shapes must be version %d, was %d".formatted(VERSION, version));
        }
        var found = new Shapes();
        while (source.hasMore()) {
            found.shapes.add(new Shape(source.take(source.varint())));
        }
        if (found.size() > SHAPES_MAX) {
            throw source.corrupt("has %d shapes".formatted(found.size()));
        }
        return found;
    }

    byte[] encode() {
        var sink = new ByteSink().put(VERSION);
        shapes.forEach(shape -> sink.varint(shape.template().length).put(shape.template()));
        return sink.toArray();
    }

    int size() {
        return shapes.size();
    }

    Shape at(int index) {
        return shapes.get(index);
    }

    /** Where the shape with a template is, which is added if there is room; or {@link #NONE}. */
    int of(ByteSink template, int likely) {
        if (likely >= 0 && template.holds(at(likely).template())) {
            return likely;
        }
        for (int index = 0; index < size(); index++) {
            if (template.holds(at(index).template())) {
                return index;
            }
        }
        if (size() == SHAPES_MAX || template.size() > TEMPLATE_BYTES_MAX) {
            return NONE;
        }
        shapes.add(new Shape(template.toArray()));
        return size() - 1;
    }
}
