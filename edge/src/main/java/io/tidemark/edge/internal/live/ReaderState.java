package io.tidemark.edge.internal.live;

import java.util.List;

/**
 * Where a reader is on its way; {@link Reader} has the picture. Each state offers only the steps
 * that are legal from it. Immutable.
 */
sealed interface ReaderState {
    /** Name of the state where states are counted. */
    String label();

    /** The response has not begun: it is being found out whether and where the stream is. */
    record Locate() implements ReaderState {
        Replay replay(Batch batch) {
            return new Replay(batch, 0);
        }

        Live live(LiveStream stream) {
            return new Live(stream);
        }

        @Override
        public String label() {
            return "locate";
        }
    }

    /**
     * Frames from the log are written, or the next batch is being read.
     *
     * @param batch what was read last
     * @param written how many of its frames were given to the sink
     */
    record Replay(Batch batch, int written) implements ReaderState {
        List<Frame> rest() {
            return batch.frames().subList(written, batch.frames().size());
        }

        Replay advance(int count) {
            return new Replay(batch, written + count);
        }

        Replay more(Batch next) {
            return new Replay(next, 0);
        }

        Join join() {
            return new Join(batch);
        }

        Drained drained() {
            return new Drained();
        }

        @Override
        public String label() {
            return "replay";
        }
    }

    /**
     * All that was read is written: can the window take over?
     *
     * @param last the batch at whose end the reader stands
     */
    record Join(Batch last) implements ReaderState {
        Live live(LiveStream stream) {
            return new Live(stream);
        }

        Replay notYet() {
            return new Replay(last, last.frames().size());
        }

        @Override
        public String label() {
            return "join";
        }
    }

    /** Frames come from the window. */
    record Live(LiveStream stream) implements ReaderState {
        Lapped lapped() {
            return new Lapped();
        }

        Drained drained() {
            return new Drained();
        }

        @Override
        public String label() {
            return "live";
        }
    }

    /** The window has let the stream go: back to the log. */
    record Lapped() implements ReaderState {
        private static final Batch NOTHING =
                new Batch(List.of(), Cursor.UNLOCATED, -1, false, false, false);

        Replay replay() {
            return new Replay(NOTHING, 0);
        }

        @Override
        public String label() {
            return "lapped";
        }
    }

    /** The reader is told to come back, here or elsewhere. */
    record Drained() implements ReaderState {
        @Override
        public String label() {
            return "drained";
        }
    }

    /** Nothing more is written. */
    record Done() implements ReaderState {
        @Override
        public String label() {
            return "done";
        }
    }
}
