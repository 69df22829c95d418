package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;

class LogTest {
    private static final String EVENTS = "tidemark.events";
    private static final String COMMANDS = "tidemark.commands";

    private final StreamId id = StreamId.mint(InstantSource.system(), new Random(1), 0);
    private final Log log = Log.empty();

    @Test
    void commandsThatCannotBeReadAreLeftToTheAudit() {
        log.command(LoggedEvents.logged(command("{}")));
        log.command(LoggedEvents.logged(command("no JSON")));
        log.command(LoggedEvents.logged(command(null)));

        assertThat(log.starts()).isEmpty();
        assertThat(log.leases()).isEmpty();
    }

    @Test
    void anEndThatCannotBeReadIsAnEnd() {
        log.event(LoggedEvents.logged(event(0, started())));
        log.event(LoggedEvents.logged(broken(event(1, completed("stop")))));

        assertThat(end()).isEqualTo("unreadable");
    }

    @Test
    void anEndForWantOfReadersIsToldFromACancel() {
        log.event(LoggedEvents.logged(event(0, started())));
        log.event(LoggedEvents.logged(event(1, completed("disconnected"))));

        assertThat(end()).isEqualTo(LoggedStream.DISCONNECTED);
    }

    @Test
    void aDumpShowsWhatCannotBeReadAsThat() {
        var dump = new StreamDump(Set.of(id));

        dump.event(LoggedEvents.logged(new ProducerRecord<>(EVENTS, id.key(), bytes("x"))));
        dump.command(LoggedEvents.logged(command("{}")));
        dump.command(LoggedEvents.logged(command(null)));
        dump.command(LoggedEvents.logged(new ProducerRecord<>(COMMANDS, null, bytes("x"))));

        assertThat(dump.lines()).hasSize(3).allMatch(line -> line.endsWith(" unreadable"));
    }

    private @Nullable String end() {
        return requireNonNull(log.streams().get(id), "stream").end();
    }

    private ProducerRecord<byte[], byte[]> command(@Nullable String value) {
        return new ProducerRecord<>(COMMANDS, id.key(), value == null ? null : bytes(value));
    }

    private ProducerRecord<byte[], byte[]> event(long sequence, EventBody body) {
        var event = new StreamEvent(id, sequence, 0, Placement.NONE, body);
        return EventRecord.of(EVENTS, event, Attempt.first(0), null);
    }

    private static ProducerRecord<byte[], byte[]> broken(ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(
                record.topic(), null, record.key(), bytes("{}"), record.headers());
    }

    private static Started started() {
        return new Started("openai", "m", null, null, 1, null, null, null, null);
    }

    private static Completed completed(String finishReason) {
        return new Completed(Outcome.CANCELLED, finishReason, null, null, null, null, null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
