package io.tidemark.edge.internal.live;

/**
 * A sink between a reader and another sink, to which it passes everything on. Confined to the
 * reader's loop.
 */
abstract class PassingSink implements ReaderSink {
    final ReaderSink sink;

    PassingSink(ReaderSink sink) {
        this.sink = sink;
    }

    @Override
    public void open() {
        sink.open();
    }

    @Override
    public void refuse(Refusal refusal) {
        sink.refuse(refusal);
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        return sink.write(frames, count);
    }

    @Override
    public boolean silent() {
        return sink.silent();
    }

    @Override
    public void caughtUp() {
        sink.caughtUp();
    }

    @Override
    public void leaving() {
        sink.leaving();
    }

    @Override
    public void erased() {
        sink.erased();
    }

    @Override
    public void end() {
        sink.end();
    }
}
