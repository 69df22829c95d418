package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

/**
 * The sink of a client, who attends the stream from the moment it is opened until its reader is
 * done. Confined to the reader's loop.
 */
final class AttendedSink implements ReaderSink {
    private final StreamId id;
    private final ReaderSink sink;
    private final Attendance attendance;
    private boolean attending;
    private boolean learnt;

    AttendedSink(StreamId id, ReaderSink sink, Attendance attendance) {
        this.id = id;
        this.sink = sink;
        this.attendance = attendance;
    }

    @Override
    public void open() {
        attending = true;
        attendance.came(id);
        sink.open();
    }

    @Override
    public void refuse(Refusal refusal) {
        sink.refuse(refusal);
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        if (!learnt && frames[0].sequence() >= 0) {
            learnt = true;
            attendance.learnt(id, frames[0].presence());
        }
        if (frames[count - 1].terminal()) {
            attendance.ended(id);
        }
        return sink.write(frames, count);
    }

    @Override
    public boolean silent() {
        return sink.silent();
    }

    @Override
    public void leaving() {
        sink.leaving();
    }

    @Override
    public void caughtUp() {
        sink.caughtUp();
    }

    @Override
    public void erased() {
        sink.erased();
    }

    @Override
    public void end() {
        sink.end();
    }

    /** Its reader is done. */
    void left() {
        if (attending) {
            attending = false;
            attendance.left(id);
        }
    }
}
