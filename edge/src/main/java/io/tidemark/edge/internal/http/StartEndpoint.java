package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.access.Scope;
import io.tidemark.edge.internal.live.Window;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;
import io.undertow.util.HttpString;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * {@code POST /v1/streams}: asks for a stream. Answered when the log has the command, with where
 * the stream is or, if the client would rather have it, with the stream itself. Thread-safe.
 */
final class StartEndpoint implements Endpoint {
    private static final String TRACEPARENT = "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}";

    private static final String REPLAYED = "Idempotency-Replayed";

    /**
     * What the endpoint is bound to.
     *
     * @param served partitions in one of which a stream is started
     * @param bodyBytesMax largest body
     * @param tokens what links carry
     */
    record Setting(
            Providers providers,
            ServedPartitions served,
            int bodyBytesMax,
            boolean trustForwarded,
            LinkTokens tokens) {}

    private final Setting setting;
    private final Body body;
    private final StreamKeys commands;
    private final KeyedStart keyed;
    private final TenantRates rates;
    private final Window window;
    private final Streamer streamer;
    private final InstantSource clock;
    private final RandomGenerator random;

    StartEndpoint(
            Setting setting,
            Body body,
            StreamKeys commands,
            KeyedStart keyed,
            TenantRates rates,
            Window window,
            Streamer streamer,
            InstantSource clock,
            RandomGenerator random) {
        this.setting = setting;
        this.body = body;
        this.commands = commands;
        this.keyed = keyed;
        this.rates = rates;
        this.window = window;
        this.streamer = streamer;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void handle(Call call) {
        requireJson(call.header("Content-Type").orElse(""));
        var accept = Accept.of(call.headers("Accept"));
        boolean stream = accept.prefers(Accept.EVENT_STREAM, Accept.JSON);
        if (!stream && !accept.allows(Accept.JSON)) {
            throw new ProblemException(
                    Problem.notAcceptable(List.of(Accept.JSON, Accept.EVENT_STREAM)));
        }
        if (stream) {
            streamer.refusal(call).ifPresent(StartEndpoint::refuse);
        }
        var wish = Wish.of(call);
        var key = IdempotencyKey.of(call.headers(IdempotencyKey.HEADER));
        var wait = rates.take(call.caller().tenant());
        if (!wait.isZero()) {
            throw new ProblemException(Problem.tooManyStarts(wait));
        }
        body.receive(call, bytes -> start(call, bytes, key, stream ? wish : null));
    }

    private static void refuse(Problem problem) {
        throw new ProblemException(problem);
    }

    private static void requireJson(String contentType) {
        var parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        boolean utf8 = true;
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().replace("\"", "");
            utf8 &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!parts[0].strip().equals(Accept.JSON) || !utf8) {
            throw new ProblemException(Problem.unsupportedMediaType());
        }
    }

    private void start(Call call, byte[] bytes, @Nullable IdempotencyKey key, @Nullable Wish wish) {
        var request = StartRequest.parse(bytes, setting.providers());
        var id = StreamId.mint(clock, random, setting.served().any(random));
        if (key == null) {
            var whereabouts = links(call, id);
            write(call, id, request, true, Problem.uncertain(whereabouts.headers()));
            call.onLoop(() -> started(call, id, false, wish));
            return;
        }
        var digest = key.digest(call.caller().tenant());
        var turn = keyed.turn(call, digest, key.fingerprint(bytes), id);
        if (!turn.startedBefore()) {
            write(call, turn.id(), request, turn.fresh(), Problem.keyUndecided());
        }
        call.onLoop(() -> started(call, turn.id(), turn.startedBefore(), wish));
        if (!turn.told()) {
            keyed.started(digest, turn.id());
        }
    }

    /**
     * @param fresh whether nobody else can have started the stream
     * @param uncertain what to say if it is not known whether it was started
     */
    private void write(
            Call call, StreamId id, StartRequest request, boolean fresh, Problem uncertain) {
        if (fresh) {
            /* Before the command is written: the first event may be faster than its acknowledgement. */
            window.expect(id, call.caller().tenant());
        }
        var outcome = commands.start(command(call, id, request), fresh);
        if (outcome == CommandWriter.Outcome.ACKNOWLEDGED) {
            return;
        }
        if (fresh) {
            window.forget(id);
        }
        throw new ProblemException(refusal(outcome, uncertain.extra("requestId", id.toString())));
    }

    private Command.Start command(Call call, StreamId id, StartRequest request) {
        return new Command.Start(
                id,
                clock.millis(),
                request.api(),
                request.provider(),
                request.model(),
                request.request(),
                request.onDisconnect(),
                call.caller().tenant(),
                request.metadata(),
                traceparent(call),
                request.route());
    }

    private static @Nullable String traceparent(Call call) {
        return call.header("traceparent").filter(value -> value.matches(TRACEPARENT)).orElse(null);
    }

    private Problem refusal(CommandWriter.Outcome outcome, Problem uncertain) {
        return switch (outcome) {
            case TOO_LARGE -> Problem.bodyTooLarge(setting.bodyBytesMax());
            case NOT_SENT -> Problem.notSent();
            case UNCERTAIN -> uncertain;
            case ACKNOWLEDGED -> throw new IllegalArgumentException("it was acknowledged");
        };
    }

    /* From here on the stream is there: a refusal would make the client ask for another one. */
    private void started(Call call, StreamId id, boolean before, @Nullable Wish wish) {
        var read = setting.tokens().query(call, id, Scope.READ);
        var stop = setting.tokens().query(call, id, Scope.CANCEL);
        var links = links(call, id);
        var headers = new HashMap<>(links.headers());
        if (before) {
            headers.put(REPLAYED, "true");
        }
        var created = Reply.json(201, links.body(read, stop)).with(headers);
        /* A stream of that key may have been started at an edge that serves another partition. */
        if (wish == null || !setting.served().has(id)) {
            call.answer(created);
            return;
        }
        created.headers()
                .forEach((name, value) ->
                        call.exchange().getResponseHeaders().put(new HttpString(name), value));
        streamer.stream(call, id, 0, Format.EVENT_STREAM, wish, _ -> call.answer(created))
                .ifPresent(_ -> call.answer(created));
    }

    private Links links(Call call, StreamId id) {
        return Links.of(call, id, setting.trustForwarded());
    }
}
