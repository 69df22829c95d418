package io.tidemark.standalone;

import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.ReaderListener;
import io.tidemark.standalone.load.SseReader;
import io.tidemark.standalone.load.StreamRequest;
import io.tidemark.standalone.load.Tally;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Readers that are all cut off and all come back at once, again and again, each with its own
 * tidemark. Whenever they come, what they ask for has been written already, so the time to the
 * first missed event is the server's. At last they read on to the end, and then hold every event.
 *
 * <p>Used once.
 */
final class Storms {
    /* Storms whose times do not count, while code is compiled. */
    private static final int WARM = 3;
    private static final Duration STORM_MAX = Duration.ofMinutes(3);
    private static final long NANOS_MAX = STORM_MAX.toNanos();

    private final Fleet fleet;
    private final Shape shape;
    private final List<SseReader> heads = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final Histogram waited = new Histogram(NANOS_MAX, 3);
    private boolean counting;
    private boolean last;
    private long back;

    /**
     * What storms are like.
     *
     * @param readers in each
     * @param storms how many count
     * @param missed events that each reader reads before it is cut off
     */
    record Shape(int readers, int storms, int missed) {
        /** Events that a stream must have, so that nobody comes to its end before the last one. */
        int events() {
            return (storms + WARM + 2) * missed;
        }
    }

    /**
     * What they have shown.
     *
     * @param waited nanoseconds from request to first missed event
     * @param resumes how often a reader has come back, counted or not
     */
    record Outcome(Histogram waited, long resumes, Tally tally) {}

    private final class Member implements ReaderListener {
        private final SseReader reader;
        private final int stream;
        private int left;

        private Member(StreamRequest request, int stream) {
            this.reader = fleet.add(request, this);
            this.stream = stream;
        }

        private void open() {
            left = last ? Integer.MAX_VALUE : shape.missed();
            reader.open();
        }

        @Override
        public void first(SseReader opened, long waitedNanos) {
            if (counting) {
                waited.recordValue(Math.min(waitedNanos, NANOS_MAX));
            }
        }

        @Override
        public void event(SseReader opened, long dueAt, long stampedAtMs, long readAt) {
            left--;
            if (left == 0) {
                opened.cut();
                back++;
            }
        }

        @Override
        public void ended(SseReader opened) {
            if (left > 0) {
                back++;
            }
        }
    }

    /**
     * Storms on streams.
     *
     * @param live whether the streams are being written, and readers have to wait for what they are
     *     to miss
     */
    Storms(Fleet fleet, List<StreamRequest> streams, Shape shape, boolean live) {
        this.fleet = fleet;
        this.shape = shape;
        for (int i = 0; i < shape.readers(); i++) {
            int stream = i % streams.size();
            members.add(new Member(streams.get(stream), stream));
        }
        if (live) {
            streams.forEach(request -> heads.add(fleet.add(request, ReaderListener.NONE)));
        }
    }

    /**
     * Runs to the end of all streams.
     *
     * @throws BenchFailedException if a storm takes longer than three minutes
     */
    Outcome run() throws InterruptedException {
        fleet.each(heads, SseReader::open);
        storm();
        for (int i = 0; i < WARM + shape.storms(); i++) {
            boolean counts = i >= WARM;
            fleet.run(() -> counting = counts);
            storm();
        }
        fleet.run(() -> {
            counting = false;
            last = true;
        });
        storm();
        await(
                "the streams",
                () -> heads.stream().filter(SseReader::complete).count(),
                heads.size());
        long resumes = (long) shape.readers() * (WARM + shape.storms() + 1L);
        return new Outcome(waited, resumes, fleet.tally());
    }

    private void storm() throws InterruptedException {
        await("what is to be missed", this::written, 1);
        fleet.run(() -> {
            back = 0;
            members.forEach(Member::open);
        });
        await("the readers", () -> back, shape.readers());
    }

    /* 1 if there is enough of all streams for everybody, or no more to come. */
    private long written() {
        for (int stream = 0; stream < heads.size(); stream++) {
            var head = heads.get(stream);
            int index = stream;
            long furthest =
                    members.stream()
                            .filter(member -> member.stream == index)
                            .mapToLong(member -> member.reader.tidemark())
                            .max()
                            .orElse(-1);
            if (!head.complete() && head.tidemark() < furthest + shape.missed()) {
                return 0;
            }
        }
        return 1;
    }

    private void await(String what, LongSupplier number, long wanted) throws InterruptedException {
        if (!fleet.await(number, wanted, STORM_MAX)) {
            throw new BenchFailedException(
                    "a storm waited for %s for longer than %s: %s"
                            .formatted(what, STORM_MAX, fleet.tally()));
        }
    }
}
