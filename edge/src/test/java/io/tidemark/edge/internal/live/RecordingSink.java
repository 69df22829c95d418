package io.tidemark.edge.internal.live;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that remembers, and that takes frames at once or when it is told to. */
final class RecordingSink implements ReaderSink {
    final List<Long> sequences = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<String> controls = new ArrayList<>();
    @Nullable Refusal refusal;
    boolean opened;
    boolean ended;
    boolean slow;
    boolean keeping;

    @Override
    public void open() {
        opened = true;
    }

    @Override
    public void refuse(Refusal why) {
        refusal = why;
    }

    @Override
    public boolean write(Frame[] given, int count) {
        if (!opened || ended || keeping) {
            throw new AssertionError("written to when it should not be");
        }
        for (int i = 0; i < count; i++) {
            var text = StandardCharsets.UTF_8.decode(given[i].bytes()).toString();
            if (given[i].sequence() < 0) {
                controls.add(text);
            } else {
                sequences.add(given[i].sequence());
                frames.add(text);
            }
        }
        keeping = slow;
        return !slow;
    }

    /** Takes what it kept; the reader is to be told. */
    boolean take() {
        boolean kept = keeping;
        keeping = false;
        return kept;
    }

    @Override
    public void end() {
        ended = true;
    }
}
