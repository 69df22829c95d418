package io.tidemark.schemas;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes commands of all types, and what edges write, from a seed, with every optional field absent
 * at times. Confined to one thread.
 */
final class RandomCommands {
    private final RandomValues any;

    RandomCommands(RandomValues any) {
        this.any = any;
    }

    /** One of each type. */
    List<Command> all() {
        return List.of(
                start(),
                new Command.Cancel(id(), any.number()),
                new Command.Presence(
                        id(), any.number(), any.name(), any.index(), any.maybe(this::validMs)),
                new Command.Done(
                        id(), any.number(), any.name(), any.number(), attempt(), any.number()),
                new Command.Claim(any.index(), any.number(), any.name()),
                new Command.Lease(
                        any.index(), any.number(), any.name(), any.maybe(this::validMs), open()));
    }

    private Command.Start start() {
        return new Command.Start(
                id(),
                any.number(),
                any.name(),
                any.name(),
                any.name(),
                any.object(),
                any.oneOf(Command.OnDisconnect.class),
                any.maybe(any::name),
                any.flag() ? Map.of(any.name(), any.name()) : Map.of(),
                any.maybe(any::name),
                any.maybe(any::name),
                any.maybe(any::name));
    }

    private List<Command.OpenStream> open() {
        var open = new ArrayList<Command.OpenStream>();
        for (int i = any.index(); i > 0; i--) {
            open.add(
                    new Command.OpenStream(
                            id(), any.number(), attempt(), any.number(), any.number() - 1));
        }
        return open;
    }

    /** One of each word on a start. */
    List<StartWord> words() {
        return List.of(
                new StartWord.Claim(id(), any.number(), any.name(), any.name(), validMs()),
                new StartWord.Started(id(), any.number()));
    }

    /** One of each word on a generation. */
    List<GenerationWord> generations() {
        return List.of(
                new GenerationWord.Current(any.index(), any.number()),
                new GenerationWord.Building(
                        1 + any.index(),
                        any.flag() ? Map.of(any.index(), any.number()) : Map.of(),
                        any.number()));
    }

    Revocation revocation() {
        return new Revocation(id(), any.number(), any.number());
    }

    Erasure erasure() {
        return new Erasure(id(), any.number(), any.random.nextBoolean() ? null : any.name());
    }

    WrappedKey key() {
        return new WrappedKey(id(), any.number(), any.name(), any.name());
    }

    private StreamId id() {
        return StreamId.mint(
                () -> Instant.ofEpochMilli(any.number() & 0xffffffffL), any.random, any.index());
    }

    private int attempt() {
        return 1 + any.random.nextInt(Attempt.NUMBER_MAX);
    }

    private Long validMs() {
        return (long) any.random.nextInt(300_001);
    }
}
