package io.tidemark.standalone.plain;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The frames of one stream, in an array, and who reads them. One thread appends, any number read;
 * guarded by itself.
 */
final class PlainStream {
    /** Most frames of one stream; beyond them it ends. */
    static final int FRAMES_MAX = 1_000_000;

    private static final int FRAMES_AT_FIRST = 64;

    private final Set<PlainReader> readers = ConcurrentHashMap.newKeySet();
    private ByteBuffer[] frames = new ByteBuffer[FRAMES_AT_FIRST];
    private int count;
    private boolean ended;

    /** Adds a frame and wakes who reads; false if there is no room for it. */
    boolean append(ByteBuffer frame) {
        synchronized (this) {
            if (count == FRAMES_MAX) {
                return false;
            }
            if (count == frames.length) {
                frames = Arrays.copyOf(frames, count * 2);
            }
            frames[count++] = frame;
        }
        readers.forEach(PlainReader::wake);
        return true;
    }

    /** No frame follows. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        readers.forEach(PlainReader::wake);
    }

    void attach(PlainReader reader) {
        readers.add(reader);
        reader.wake();
    }

    void detach(PlainReader reader) {
        readers.remove(reader);
    }

    /** Views of the frames from an index on, at most so many; empty if there are none yet. */
    synchronized ByteBuffer[] from(int index, int most) {
        int until = Math.min(count, index + most);
        var views = new ByteBuffer[Math.max(0, until - index)];
        for (int i = 0; i < views.length; i++) {
            views[i] = frames[index + i].duplicate();
        }
        return views;
    }

    /** Whether there is nothing at an index, and never will be. */
    synchronized boolean over(int index) {
        return ended && index >= count;
    }
}
