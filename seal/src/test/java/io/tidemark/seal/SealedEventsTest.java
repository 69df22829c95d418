package io.tidemark.seal;

import static io.tidemark.seal.Streams.ATTEMPT;
import static io.tidemark.seal.Streams.ID;
import static io.tidemark.seal.Streams.RANDOM;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ErasedEvent;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventRecord.Entry;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.SealedField;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Events that are sealed and opened again, or not. */
final class SealedEventsTest {
    private final DataKey key = DataKey.of(ID, RANDOM);
    private final Opener opener = Streams.opener(key);

    static List<Path> golden() throws IOException {
        return Streams.golden("events");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void anEventOfEachTypeComesBackByteForByte(Path golden) throws IOException {
        var plain = EventCodec.decode(Streams.bytes(golden));
        byte[] json = EventCodec.encode(plain);
        var own = DataKey.of(plain.requestId(), RANDOM);
        var sealed = Streams.sealed(plain, own);

        var opened = Streams.opener(own).opened(sealed).orElseThrow();

        assertThat(opened.value()).isEqualTo(json);
        assertThat(opened.headers()).isEqualTo(sealed.headers());
        assertThat(SealedField.remove(sealed.value())).isEqualTo(ErasedEvent.of(json));
        assertThat(Opener.isSealed(sealed)).isTrue();
        assertThat(Opener.isSealed(opened)).isFalse();
    }

    @Test
    void anyTextComesBackByteForByteAndIsNotInTheRecord() {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var text =
                    "marker-"
                            + random.ints(random.nextInt(300), 0, 0xD800)
                                    .collect(
                                            StringBuilder::new,
                                            StringBuilder::appendCodePoint,
                                            StringBuilder::append);
            var event = Streams.text(i, text);

            var sealed = Streams.sealed(event, key);

            assertThat(new String(sealed.value(), StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .doesNotContain("marker-");
            assertThat(opener.open(sealed).value()).isEqualTo(EventCodec.encode(event));
        }
    }

    @Test
    void aPlainEventIsLeftAsItIs() {
        var plain = Streams.entry(Streams.record(Streams.text(3, "hello")));

        assertThat(opener.open(plain)).isSameAs(plain);
        assertThat(Opener.withoutKeys().open(plain)).isSameAs(plain);
    }

    @Test
    void sealingTwiceGivesTwoCiphertexts() {
        var event = Streams.text(3, "hello");

        assertThat(Streams.sealed(event, key).value())
                .isNotEqualTo(Streams.sealed(event, key).value());
    }

    @Test
    void withoutItsKeyItIsTheErasedEventUnderItsType() {
        var event = Streams.event(0, started());
        var sealed = Streams.sealed(event, key);

        var rest = Opener.withoutKeys().open(sealed);

        assertThat(rest.value()).isEqualTo(ErasedEvent.of(EventCodec.encode(event)));
        assertThat(rest.headers()).isEqualTo(sealed.headers());
        assertThat(Opener.withoutKeys().opened(sealed)).isEmpty();
    }

    @Test
    void whatStandsForAnEventHasTheHeaderOfItsOwnType() {
        var warning = new io.tidemark.schemas.LifecycleBody.Warning("odd", "words", null);
        var sealed = Streams.sealed(Streams.event(4, warning), key);

        assertThat(sealed.headers().type()).isEqualTo("stream.warning");
        assertThat(Opener.rest(sealed).headers().type())
                .isEqualTo(EventCodec.decode(Opener.rest(sealed).value()).type())
                .isEqualTo("stream.status");
    }

    @Test
    void anotherPlaceOpensNothing() {
        var sealed = Streams.sealed(Streams.text(3, "hello"), key);
        var others =
                List.of(
                        moved(sealed, ID, "text.delta", 4, ATTEMPT),
                        moved(sealed, ID, "text.delta", 3, new Attempt(7, 3)),
                        moved(sealed, ID, "text.delta", 3, new Attempt(8, 2)),
                        moved(sealed, ID, "refusal.delta", 3, ATTEMPT),
                        moved(sealed, Streams.mint(), "text.delta", 3, ATTEMPT));

        for (var other : others) {
            assertThat(opener.opened(other)).as(other.headers().toString()).isEmpty();
            assertThat(opener.open(other).value()).isEqualTo(SealedField.remove(sealed.value()));
        }
        assertThat(opener.counts().of(Unreadable.TAMPERED)).isEqualTo(2L * others.size());
    }

    @Test
    void anotherKeyOpensNothing() {
        var sealed = Streams.sealed(Streams.text(3, "hello"), key);

        assertThat(Streams.opener(DataKey.of(ID, RANDOM)).opened(sealed)).isEmpty();
    }

    @Test
    void whateverIsChangedInTheCiphertextOpensNothing() {
        var sealed = Streams.sealed(Streams.text(3, "hello"), key);
        byte[] ciphertext = requireNonNull(SealedField.ciphertext(sealed.value()));
        byte[] rest = SealedField.remove(sealed.value());
        for (int i = 0; i < ciphertext.length; i++) {
            byte[] changed = ciphertext.clone();
            changed[i] ^= 1;

            var other = new Entry(ID, sealed.headers(), SealedField.add(rest, changed));

            assertThat(opener.opened(other)).as("byte %d", i).isEmpty();
        }
        assertThat(
                        opener.opened(
                                new Entry(
                                        ID, sealed.headers(), SealedField.add(rest, new byte[9]))))
                .isEmpty();
    }

    @Test
    void withALostKeyNothingIsWrittenOfWhatItSays() {
        var event = Streams.text(3, "hello");

        var written = new StreamSeal.Lost().seal(Streams.record(event), event, ATTEMPT);

        var entry = Streams.entry(written);
        assertThat(entry.value()).isEqualTo(ErasedEvent.of(EventCodec.encode(event)));
        assertThat(entry.headers().type()).isEqualTo(EventCodec.decode(entry.value()).type());
        assertThat(entry.headers().sequence()).isEqualTo(3);
        assertThat(Opener.isSealed(entry)).isFalse();
    }

    @Test
    void aStreamFoldsToTheSameLedgerRowWithAndWithoutItsKey() {
        var plain = new LogFold(ID);
        var with = new LogFold(ID);
        var without = new LogFold(ID);
        for (var event : stream()) {
            var sealed = Streams.sealed(event, key);
            add(plain, Streams.entry(Streams.record(event)));
            add(with, opener.open(sealed));
            add(without, Opener.withoutKeys().open(sealed));
        }

        assertThat(ResponseCodec.encode(with.response().orElseThrow()))
                .isEqualTo(ResponseCodec.encode(plain.response().orElseThrow()));
        assertThat(ResponseCodec.encode(with.usageRow().orElseThrow()))
                .isEqualTo(ResponseCodec.encode(plain.usageRow().orElseThrow()))
                .isEqualTo(ResponseCodec.encode(without.usageRow().orElseThrow()));
        assertThat(
                        new String(
                                ResponseCodec.encode(without.response().orElseThrow()),
                                StandardCharsets.UTF_8))
                .doesNotContain("marker");
    }

    private static void add(LogFold fold, EventRecord.Entry entry) {
        var headers = entry.headers();
        fold.add(headers.sequence(), headers.attempt().number(), entry.value());
    }

    private static List<StreamEvent> stream() {
        var events = new ArrayList<StreamEvent>();
        events.add(Streams.event(0, started()));
        for (int i = 1; i < 5; i++) {
            events.add(Streams.text(i, "marker " + i));
        }
        events.add(
                Streams.event(
                        5, new Completed(Outcome.COMPLETE, "stop", null, null, null, "sim", null)));
        return events;
    }

    private static Started started() {
        return new Started("openai", "sim", "openai.responses", null, 2, null, null, "acme", null);
    }

    private static Entry moved(
            Entry entry, StreamId id, String type, long sequence, Attempt attempt) {
        return new Entry(id, new EventHeaders(type, sequence, attempt, null), entry.value());
    }
}
