package io.tidemark.edge.internal.live;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * A reader attaches to a stream and looks into it while the window lets go of the stream. Either it
 * sees so, or it is woken to look again; else it would wait for ever.
 */
@JCStressTest
@Outcome(id = "-1, (true|false)", expect = Expect.ACCEPTABLE, desc = "lapped at once")
@Outcome(id = "0, true", expect = Expect.ACCEPTABLE, desc = "woken to see that it is lapped")
@Outcome(expect = Expect.FORBIDDEN, desc = "waits for a stream that nobody writes to any more")
@State
public class LettingGoStress {
    private final Tasks tasks = new Tasks();
    private final LiveStream stream = Fixture.stream();
    private final Reader reader = Fixture.reader(Fixture.window(), new Loop(tasks), new NoSink());
    private int copied;

    /** What the tail does, when its window is full. */
    @Actor
    public void window() {
        stream.evict();
    }

    /** What the reader does. */
    @Actor
    public void reader() {
        stream.attach(reader, 0);
        copied = stream.copy(0, new Frame[1]);
    }

    /** What is there in the end. */
    @Arbiter
    public void end(IZ_Result result) {
        result.r1 = copied;
        result.r2 = !tasks.none();
    }

    /** The reader is never run. */
    private static final class NoSink implements ReaderSink {
        @Override
        public void open() {
            throw new IllegalStateException("opened");
        }

        @Override
        public void refuse(Refusal why) {
            throw new IllegalStateException("refused: " + why);
        }

        @Override
        public boolean write(Frame[] frames, int count) {
            throw new IllegalStateException("written to");
        }

        @Override
        public void end() {
            throw new IllegalStateException("ended");
        }
    }
}
