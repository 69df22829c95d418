package io.tidemark.edge.internal.live;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * A reader that has read the log up to an offset joins the window while the tail dispatches the
 * record at that offset, and the window may just have let go of the stream. Either the reader is
 * told to read on, or what it joined has the record.
 */
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "joined, and has the record")
@Outcome(id = "false, -1", expect = Expect.ACCEPTABLE, desc = "has to read on in the log")
@Outcome(expect = Expect.FORBIDDEN, desc = "the record fell between log and window")
@State
public class WatchStress {
    private static final long READ_TO = 10;

    private final Window window = Fixture.window();
    private @Nullable LiveStream stream;
    private boolean joined;

    /** A tail that has come as far as the reader. */
    public WatchStress() {
        window.startAt(0, READ_TO);
    }

    /** What the tail does. */
    @Actor
    public void tail() {
        window.dispatch(0, READ_TO, 0, Fixture.event(Fixture.OLD, 5));
    }

    /** What the reader does, behind whoever makes room. */
    @Actor
    public void reader() {
        window.forgetPartition(0);
        stream = window.watch(Fixture.OLD, null);
        joined = stream.anchor(new Cursor(5, Fixture.FIRST, READ_TO));
    }

    /** What is there in the end. */
    @Arbiter
    public void end(ZI_Result result) {
        result.r1 = joined;
        result.r2 = requireNonNull(stream).copy(5, new Frame[2]);
    }
}
