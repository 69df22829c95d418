package io.tidemark.faults;

import static java.util.Objects.requireNonNull;

import io.tidemark.faults.Target.Role;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Whose turn it is to be hit: a target by one fault at a time, and so many of a role that somebody
 * is left to recover to. A start may take longer than the plan thought. Thread-safe.
 */
final class Turns {
    private final Map<Role, Semaphore> roles = new EnumMap<>(Role.class);
    private final Map<Target, Semaphore> targets = new ConcurrentHashMap<>();

    Turns(Layout layout) {
        for (var role : Role.values()) {
            roles.put(role, new Semaphore(atOnce(role, layout.count(role))));
        }
    }

    private static int atOnce(Role role, int count) {
        return switch (role) {
            case WORKER, EDGE, PROJECTOR -> Math.max(1, count - 1);
            case KAFKA, BROKER, PROVIDER -> 1;
        };
    }

    /** All brokers cannot be hit while one of them is. */
    static Role shared(Role role) {
        return role == Role.KAFKA ? Role.BROKER : role;
    }

    /**
     * Waits for the turn of a fault of this target; {@link #give} ends it. Who waits for a target
     * keeps nobody else of its role waiting.
     */
    void take(Target target) throws InterruptedException {
        var own = own(target);
        own.acquire();
        try {
            role(target).acquire();
        } catch (InterruptedException e) {
            own.release();
            throw e;
        }
    }

    /** The target is whole again. */
    void give(Target target) {
        role(target).release();
        own(target).release();
    }

    private Semaphore own(Target target) {
        return targets.computeIfAbsent(target, _ -> new Semaphore(1));
    }

    private Semaphore role(Target target) {
        return requireNonNull(roles.get(shared(target.role())), "role");
    }
}
