package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many events a client may be sent beyond its word. */
class AcknowledgedTest {
    private static String ack(long sequence) {
        return "{\"ack\":" + sequence + "}";
    }

    @Test
    void eventsAreCountedWhateverTheirSequences() {
        var acknowledged = new Acknowledged(2, 9);
        acknowledged.sent(10);
        acknowledged.sent(40);
        assertThat(acknowledged.room()).isFalse();

        assertThat(acknowledged.take(ack(39))).isNull();
        assertThat(acknowledged.room()).isTrue();
        acknowledged.sent(41);
        assertThat(acknowledged.room()).isFalse();
        assertThat(acknowledged.take(ack(41))).isNull();
        acknowledged.sent(42);
        assertThat(acknowledged.room()).isTrue();
    }

    @Test
    void anOldWordChangesNothing() {
        var acknowledged = new Acknowledged(1, 9);
        acknowledged.sent(10);
        assertThat(acknowledged.take(ack(9))).isNull();
        assertThat(acknowledged.take(ack(0))).isNull();
        assertThat(acknowledged.room()).isFalse();
    }

    @Test
    void whatWasNotSentCannotBeAcknowledged() {
        var acknowledged = new Acknowledged(1, -1);
        assertThat(acknowledged.take(ack(0))).contains("ack");
        acknowledged.sent(0);
        acknowledged.moved(7);
        assertThat(acknowledged.take(ack(7))).isNull();
        assertThat(acknowledged.take(ack(8))).contains("beyond 7");
        assertThat(acknowledged.room()).isTrue();
    }

    @Test
    void withoutABoundThereIsAlwaysRoom() {
        var acknowledged = new Acknowledged(0, -1);
        for (int i = 0; i < 5; i++) {
            assertThat(acknowledged.room()).isTrue();
            acknowledged.sent(i);
        }
        assertThat(acknowledged.take(ack(4))).isNull();
    }
}
