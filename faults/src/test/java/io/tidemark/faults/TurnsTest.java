package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.faults.Target.Role;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class TurnsTest {
    private static final Target WORKER = new Target(Role.WORKER, 1);
    private static final Target OTHER = new Target(Role.WORKER, 2);

    private final Turns turns = new Turns(Layout.withBrokers(3));
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void noTargetIsHitTwiceAtATime() throws Exception {
        turns.take(WORKER);
        var second = waiting(WORKER);
        order.add("first is over");
        turns.give(WORKER);
        second.join();

        assertThat(order).containsExactly("first is over", "second");
    }

    @Test
    void whoWaitsForItsTargetTakesNobodysTurn() throws Exception {
        turns.take(WORKER);
        var second = waiting(WORKER);
        turns.take(OTHER);
        turns.give(OTHER);
        turns.give(WORKER);

        assertThat(second.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void allBrokersAreHitWhenNoneIs() throws Exception {
        var kafka = new Target(Role.KAFKA, 0);
        turns.take(kafka);
        var second = waiting(new Target(Role.BROKER, 2));
        order.add("first is over");
        turns.give(kafka);
        second.join();

        assertThat(order).containsExactly("first is over", "second");
    }

    @Test
    void oneProjectorIsLeft() throws Exception {
        var three = new Turns(Layout.ofProjectors(1));
        three.take(new Target(Role.PROJECTOR, 0));
        three.take(new Target(Role.PROJECTOR, 1));
        var third = waiting(three, new Target(Role.PROJECTOR, 2));
        order.add("first is over");
        three.give(new Target(Role.PROJECTOR, 0));
        third.join();

        assertThat(order).containsExactly("first is over", "second");
    }

    private Thread waiting(Target target) {
        return waiting(turns, target);
    }

    /* On a thread that waits, or has not had to. */
    private Thread waiting(Turns turns, Target target) {
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                turns.take(target);
                                order.add("second");
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
