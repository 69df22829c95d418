package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;

import io.tidemark.edge.Seeds;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Random streams through random filters and batches to clients that are slow at random, against the
 * plain truth: the events that are wanted, each once, in order, alone and byte for byte or in one
 * event that says the same.
 */
class ShapeModelTest {
    private static final int RUNS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(
                            requireNonNull(
                                    EventCodec.class.getResourceAsStream("event.schema.json")));
    private static final List<String> FILTERS =
            List.of("*", "text.*", "stream.*", "text.delta,tool.*", "nobody.knows", "r*,t*");

    static LongStream seeds() {
        return Seeds.upTo(RUNS);
    }

    @ParameterizedTest(name = "-Dtest.seed={0}")
    @MethodSource("seeds")
    void whatIsWantedComesOnceInOrderAndSaysTheSame(long seed) throws Exception {
        new Run(new Random(seed)).run();
    }

    /** A reader that is told when to wait. */
    private static final class Feeding implements Upstream {
        boolean waiting;

        @Override
        public void busy() {
            waiting = true;
        }

        @Override
        public void writable() {
            waiting = false;
        }

        @Override
        public void heartbeat() {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void disconnected() {
            throw new AssertionError("nobody left");
        }
    }

    private static final class Run {
        private final Random random;
        private final List<StreamEvent> events;
        private final List<Frame> frames;
        private final Types types;
        private final Duration batch;
        private final ManualDelay delay = new ManualDelay();
        private final Feeding reader = new Feeding();
        private final List<Duration> given = new ArrayList<>();
        private final FrameSink client;
        private final Pipe pipe;
        private final boolean everSlow;

        Run(Random random) {
            this.random = random;
            events = Events.random(random);
            frames = events.stream().map(Events::frame).toList();
            types = Types.parse(FILTERS.get(random.nextInt(FILTERS.size())));
            batch = Duration.ofMillis(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(50));
            everSlow = random.nextBoolean();
            client = new FrameSink(() -> everSlow && random.nextInt(3) == 0, () -> delay.now);
            pipe = new Pipe(new Shape(types, batch, null), delay, client);
            pipe.from(reader);
        }

        void run() throws Exception {
            feed();
            assertThat(client.ended).isTrue();
            assertThat(delay.idle()).isTrue();
            var wanted = frames.stream().filter(this::wanted).toList();
            assertThat(covered(wanted)).isEqualTo(wanted.size());
            assertMarksAreExact();
            assertFoldIsTheSame(wanted);
        }

        private boolean wanted(Frame frame) {
            return frame.terminal() || types.want(frame.type());
        }

        private void feed() {
            while (given.size() < frames.size()) {
                switch (random.nextInt(5)) {
                    case 0 -> delay.pass(Duration.ofMillis(random.nextInt(30)));
                    case 1 -> {
                        if (client.keeping) {
                            client.keeping = false;
                            pipe.writable();
                        }
                    }
                    case 2 -> {
                        if (!reader.waiting) {
                            give(new Frame[] {Manners.HEARTBEAT});
                        }
                    }
                    default -> {
                        if (!reader.waiting) {
                            giveSome();
                        }
                    }
                }
            }
            pipe.entry().end();
        }

        private void giveSome() {
            int from = given.size();
            int count = Math.min(1 + random.nextInt(20), frames.size() - from);
            for (int i = 0; i < count; i++) {
                given.add(delay.now);
            }
            give(frames.subList(from, from + count).toArray(Frame[]::new));
        }

        private void give(Frame[] some) {
            reader.waiting |= !pipe.entry().write(some, some.length);
        }

        /* How many of the wanted events were sent, each where it belongs. */
        private int covered(List<Frame> wanted) throws Exception {
            int next = 0;
            for (var got : client.got) {
                if (got.frame().event()) {
                    int until = next;
                    while (until < wanted.size()
                            && wanted.get(until).sequence() <= got.frame().sequence()) {
                        until++;
                    }
                    assertSays(got.frame(), wanted.subList(next, until));
                    assertInTime(got, wanted.get(next));
                    next = until;
                }
            }
            return next;
        }

        private void assertInTime(FrameSink.Got got, Frame first) {
            if (!everSlow) {
                var since = given.get((int) first.sequence());
                /* Time passes in steps here, of up to 30 ms. */
                assertThat(got.at().minus(since)).isLessThan(batch.plusMillis(30));
            }
        }

        private static void assertSays(Frame frame, List<Frame> covered) throws Exception {
            assertThat(covered).isNotEmpty();
            assertThat(frame.sequence()).isEqualTo(covered.getLast().sequence());
            if (covered.size() == 1) {
                assertThat(frame).isSameAs(covered.getFirst());
                return;
            }
            var merged = (ObjectNode) JSON.readTree(frame.data());
            assertThat(SCHEMA.validate(merged)).isEmpty();
            assertThat(merged.path("sequence").asLong()).isEqualTo(frame.sequence());
            assertThat(merged.path("firstSequence").asLong())
                    .isEqualTo(covered.getFirst().sequence());
            var text = new StringBuilder();
            var logprobs = JSON.createArrayNode();
            for (var one : covered) {
                var json = JSON.readTree(one.data());
                text.append(json.path("text").textValue());
                json.path("logprobs").forEach(logprobs::add);
                assertThat(rest(json.deepCopy())).isEqualTo(rest(merged));
            }
            assertThat(merged.path("text").textValue()).isEqualTo(text.toString());
            assertThat(merged.has("logprobs")).isEqualTo(!logprobs.isEmpty());
            if (merged.has("logprobs")) {
                assertThat(merged.path("logprobs")).isEqualTo(logprobs);
            }
        }

        private static ObjectNode rest(ObjectNode json) {
            return json.deepCopy()
                    .without(
                            List.of(
                                    "sequence",
                                    "firstSequence",
                                    "at",
                                    "text",
                                    "logprobs",
                                    "providerSequence"));
        }

        private void assertMarksAreExact() {
            long tidemark = -1;
            int lastWrite = -1;
            for (var got : client.got) {
                var frame = got.frame();
                if (frame.kind() == Frame.Kind.CONTROL) {
                    continue;
                }
                assertThat(frame.sequence()).isGreaterThan(tidemark);
                if (frame.kind() == Frame.Kind.MARK) {
                    assertThat(got.write()).isNotEqualTo(lastWrite);
                    lastWrite = got.write();
                    long from = tidemark;
                    assertThat(
                                    frames.stream()
                                            .filter(this::wanted)
                                            .map(Frame::sequence)
                                            .filter(s -> s > from && s <= frame.sequence()))
                            .isEmpty();
                }
                tidemark = frame.sequence();
            }
            assertThat(tidemark).isEqualTo(frames.size() - 1L);
        }

        private void assertFoldIsTheSame(List<Frame> wanted) {
            var sent = client.frames().stream().filter(Frame::event).toList();
            assertThat(fold(sent).response()).isEqualTo(fold(wanted).response());
        }

        private static ResponseFold fold(List<Frame> frames) {
            var fold = new ResponseFold();
            for (var frame : frames) {
                var event = EventCodec.decode(frame.data().getBytes(StandardCharsets.UTF_8));
                assertThat(event.body()).isNotInstanceOf(EventBody.Unknown.class);
                fold.add(1, event);
            }
            return fold;
        }
    }
}
