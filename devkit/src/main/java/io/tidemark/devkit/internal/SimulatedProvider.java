package io.tidemark.devkit.internal;

import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.devkit.internal.ModelRequest.Form;
import io.tidemark.devkit.internal.StoredResponses.StoredRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what a request gets, through whichever API it comes. Thread-safe. */
final class SimulatedProvider {

    /** Those with a longer {@link ProviderApi#prefix()} first. */
    private static final List<ProviderApi> APIS =
            List.of(
                    new GeminiApi(),
                    new MessagesApi(),
                    new ResponsesApi(),
                    new ChatApi(),
                    new TranscriptionsApi());

    /** A key that is not taken now is not taken later: never said with {@code retry-after}. */
    private static final int UNAUTHORIZED = 401;

    private final ProviderSimulatorConfig config;
    private final Accounts accounts;
    private final FaultPlan faults;
    private final StoredResponses stored;
    private final @Nullable Recordings recordings;

    SimulatedProvider(ProviderSimulatorConfig config, Accounts accounts, FaultPlan faults) {
        this.config = config;
        this.accounts = accounts;
        this.faults = faults;
        this.stored = new StoredResponses(config.limits(), accounts);
        this.recordings = config.recordings().map(Recordings::new).orElse(null);
    }

    StoredResponses stored() {
        return stored;
    }

    /** Answers a request to the end, whatever that is. */
    Ending answer(ClientConnection connection, HttpRequest http, RequestAccount account)
            throws IOException {
        var api = apiOf(http.path());
        var exchange = new Exchange(connection, account, api);
        try {
            if (StoredResponses.serves(http.path())) {
                requireKey(api, http);
                return answerStored(exchange, http, account);
            }
            requireAddressed(api, http);
            var request = api.read(http);
            account.model(request.model());
            var directives =
                    Directives.parse(request.metadata(), config.pacing(), config.chunking());
            var attempted = FaultPlan.attempted(http, directives.faults().series());
            var fault = faults.next(attempted, directives.faults());
            fault.ifPresent(struck -> account.fault(nameOf(struck)));
            return answer(exchange, new Asked(api, request, directives, attempted, fault), account);
        } catch (InvalidRequest e) {
            return exchange.refuse(e.error());
        }
    }

    /** The API that serves a path, or the one whose words it is refused in. */
    private static ProviderApi apiOf(String path) {
        return APIS.stream()
                .filter(api -> api.serves(path))
                .findFirst()
                .or(() -> APIS.stream().filter(api -> path.startsWith(api.prefix())).findFirst())
                .orElse(APIS.getLast());
    }

    private void requireAddressed(ProviderApi api, HttpRequest http) throws InvalidRequest {
        if (!api.serves(http.path())) {
            throw new InvalidRequest(ApiError.unknownPath(http.method(), http.path()));
        }
        if (!http.method().equals("POST")) {
            throw new InvalidRequest(ApiError.methodNotAllowed(http.method(), http.path()));
        }
        requireKey(api, http);
    }

    private void requireKey(ProviderApi api, HttpRequest http) throws InvalidRequest {
        var keyMissing = config.keyRequired() ? api.keyMissing(http) : Optional.<ApiError>empty();
        if (keyMissing.isPresent()) {
            throw new InvalidRequest(keyMissing.get());
        }
    }

    private Ending answer(Exchange exchange, Asked asked, RequestAccount account)
            throws IOException, InvalidRequest {
        var struck = struckBeforeBody(exchange, asked.fault());
        if (struck.isPresent()) {
            return struck.get();
        }
        return asked.request().model().startsWith(Recordings.MODEL_PREFIX)
                ? playRecording(exchange, asked)
                : playReply(exchange, asked, account);
    }

    private static Optional<Ending> struckBeforeBody(
            Exchange exchange, Optional<SimulatedFault> given) throws IOException {
        var fault = given.orElse(null);
        if (fault instanceof SimulatedFault.Status status) {
            return Optional.of(exchange.refuse(errorOf(status)));
        }
        if (fault instanceof SimulatedFault.Redirect(var statusCode, var location)) {
            return Optional.of(
                    exchange.refuse(ApiError.fault(statusCode, Map.of("location", location))));
        }
        if (fault instanceof SimulatedFault.Cut cut && cut.afterBytes() < 0) {
            return Optional.of(exchange.strike(cut));
        }
        return Optional.empty();
    }

    /** What is asked of a response afterwards; reading it is one more attempt at it. */
    private Ending answerStored(Exchange exchange, HttpRequest http, RequestAccount account)
            throws IOException, InvalidRequest {
        var request = stored.read(http);
        var terms = request.response().terms();
        var fault =
                request instanceof StoredRequest.Events
                        ? faults.next(terms.attempted(), terms.faults())
                        : faults.next();
        fault.ifPresent(struck -> account.fault(nameOf(struck)));
        var struck = struckBeforeBody(exchange, fault);
        if (struck.isPresent()) {
            return struck.get();
        }
        return switch (request) {
            case StoredRequest.Events(var response, long from) ->
                    exchange.follow(response, from, fault);
            case StoredRequest.State(var response) -> exchange.tell(response.json());
            case StoredRequest.Cancel(var response) -> {
                response.cancel();
                yield exchange.tell(response.json());
            }
        };
    }

    private static ApiError errorOf(SimulatedFault.Status status) {
        var headers = new HashMap<String, String>();
        if (status.statusCode() != UNAUTHORIZED) {
            status.retryAfter().ifPresent(value -> headers.put("retry-after", value));
        }
        if (status.gzipped()) {
            headers.put("content-encoding", "gzip");
        }
        return ApiError.fault(status.statusCode(), headers);
    }

    private Ending playRecording(Exchange exchange, Asked asked)
            throws IOException, InvalidRequest {
        if (recordings == null) {
            throw new InvalidRequest(
                    ApiError.badRequest("model", "This simulator has no recordings."));
        }
        var name = asked.request().model().substring(Recordings.MODEL_PREFIX.length());
        return switch (recordings.find(name)) {
            case Recordings.Lookup.Found(var frames, var contentType) ->
                    exchange.play(frames, contentType, asked.directives(), asked.fault());
            case Recordings.Lookup.NotFound() -> exchange.refuse(ApiError.unknownModel());
            case Recordings.Lookup.Refused() ->
                    exchange.refuse(
                            ApiError.badRequest("model", "Not a path below the recordings."));
        };
    }

    private Ending playReply(Exchange exchange, Asked asked, RequestAccount account)
            throws IOException {
        var directives = asked.directives();
        var turn =
                new Turn(
                        asked.request(),
                        reply(exchange, asked),
                        new SeededIds(config.seed(), account.id()),
                        config.clock().instant(),
                        account.requestId());
        return switch (asked.api().answer(turn)) {
            case Answer.Refused(var error) -> exchange.refuse(error);
            case Answer.Streamed(var frames, var contentType, var reported) -> {
                var ending = exchange.play(frames, contentType, directives, asked.fault());
                yield ended(ending, reported);
            }
            case Answer.Background background -> {
                var streamed = asked.request().form() == Form.EVENTS;
                var response =
                        stored.begin(
                                background,
                                directives.pacing(),
                                new StoredResponse.Terms(
                                        streamed,
                                        directives.chunking(),
                                        directives.faults(),
                                        asked.attempted()));
                yield streamed
                        ? exchange.follow(response, 0, asked.fault())
                        : exchange.tell(response.created());
            }
            case Answer.Whole(var body, var tokens, var reported) -> {
                var ending =
                        exchange.play(
                                List.of(Frames.token(body)),
                                Answer.JSON,
                                directives.forWholeAnswer(tokens),
                                asked.fault());
                yield ended(ending, reported);
            }
        };
    }

    private static Reply reply(Exchange exchange, Asked asked) {
        var request = asked.request();
        if (asked.fault().orElse(null) instanceof SimulatedFault.Excess excess) {
            return Scenarios.reply(excess, request);
        }
        var directives = asked.directives();
        return Scenarios.reply(
                request,
                directives.tokens(),
                directives.punctual() ? exchange.due(directives) : _ -> System.nanoTime());
    }

    private Ending ended(Ending ending, Reported reported) {
        if (ending == Ending.COMPLETED) {
            accounts.report(reported);
        }
        return ending;
    }

    private static String nameOf(SimulatedFault fault) {
        return switch (fault) {
            case SimulatedFault.Reset(_) -> "reset";
            case SimulatedFault.Stall(_) -> "stall";
            case SimulatedFault.EndOfBody(_) -> "eof";
            case SimulatedFault.MalformedFrame(_) -> "malformed";
            case SimulatedFault.Status(_, _, var gzipped) -> gzipped ? "gzip" : "status";
            case SimulatedFault.Redirect(_, _) -> "redirect";
            case SimulatedFault.ContentType(_) -> "content_type";
            case SimulatedFault.Drip(_) -> "drip";
            case SimulatedFault.HugeFrame(_) -> "huge";
            case SimulatedFault.Endless() -> "endless";
            case SimulatedFault.ManyItems(_) -> "items";
        };
    }

    /** A request that has been read, and what it is going to get. */
    private record Asked(
            ProviderApi api,
            ModelRequest request,
            Directives directives,
            ByteBuffer attempted,
            Optional<SimulatedFault> fault) {}
}
