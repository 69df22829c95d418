package io.tidemark.edge.internal.live;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The tail appends while the loop lets the reader write. However wake-ups fall together, the reader
 * has every frame when the loop has nothing left to do.
 */
@JCStressTest
@Outcome(id = "3, [123]", expect = Expect.ACCEPTABLE, desc = "all three frames, once and in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "a frame was left, and nobody is told")
@State
public class WakingStress {
    private static final int LOOKS = 300;

    private final Tasks tasks = new Tasks();
    private final Window window = Fixture.window();
    private final LiveStream stream;
    private final CountingSink sink = new CountingSink();

    /** A reader that is live, at the end of a stream without events. */
    public WakingStress() {
        window.expect(Fixture.NEW, null);
        stream = window.watch(Fixture.NEW, null);
        Fixture.reader(window, new Loop(tasks), sink).start();
    }

    /** What the tail does. */
    @Actor
    public void tail() {
        stream.append(Fixture.seen(Fixture.NEW, 0, 10));
        stream.append(Fixture.seen(Fixture.NEW, 1, 11));
        stream.append(Fixture.seen(Fixture.NEW, 2, 12));
    }

    /** What the loop does, long enough to be at it while the tail is. */
    @Actor
    public void loop() {
        for (int i = 0; i < LOOKS; i++) {
            tasks.run();
        }
    }

    /** What it does in the end. */
    @Arbiter
    public void end(II_Result result) {
        tasks.run();
        result.r1 = sink.next;
        result.r2 = sink.writes;
    }

    /** Counts frames that come in order. */
    private static final class CountingSink implements ReaderSink {
        int next;
        int writes;

        @Override
        public void open() {
            // Nothing is to be said.
        }

        @Override
        public void refuse(Refusal why) {
            throw new IllegalStateException("refused: " + why);
        }

        @Override
        public boolean write(Frame[] frames, int count) {
            boolean events = frames[0].event();
            for (int i = 0; i < count; i++) {
                if (events && frames[i].sequence() != next++) {
                    throw new IllegalStateException("out of order");
                }
            }
            writes += events ? 1 : 0;
            return true;
        }

        @Override
        public void end() {
            throw new IllegalStateException("the stream goes on");
        }
    }
}
