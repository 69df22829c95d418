package io.tidemark.devkit.internal;

import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.SimulatedRequest.Ending;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /v1/responses}: decides what a request gets. Thread-safe. */
final class ResponsesApi {

    private static final String PATH = "/v1/responses";
    private static final String EVENT_STREAM = "text/event-stream";

    private final ProviderSimulatorConfig config;
    private final Accounts accounts;
    private final FaultPlan faults;
    private final @Nullable Recordings recordings;

    ResponsesApi(ProviderSimulatorConfig config, Accounts accounts, FaultPlan faults) {
        this.config = config;
        this.accounts = accounts;
        this.faults = faults;
        this.recordings = config.recordings().map(Recordings::new).orElse(null);
    }

    /** Answers a request to the end, whatever that is. */
    Ending answer(ClientConnection connection, HttpRequest http, RequestAccount account)
            throws IOException {
        var exchange = new Exchange(connection, account);
        var error = refusalOf(http);
        if (error != null) {
            return exchange.refuse(error);
        }
        return switch (ResponsesRequest.parse(http.body())) {
            case ResponsesRequest.Parsed.Invalid(var invalid) -> exchange.refuse(invalid);
            case ResponsesRequest.Parsed.Valid(var request) -> {
                account.model(request.model());
                yield answer(exchange, request, http, account);
            }
        };
    }

    private @Nullable ApiError refusalOf(HttpRequest http) {
        if (!http.path().equals(PATH)) {
            return ApiError.unknownPath(http.method(), http.path());
        }
        if (!http.method().equals("POST")) {
            return ApiError.methodNotAllowed(http.method());
        }
        var authorization = http.header("authorization");
        var hasKey =
                authorization.regionMatches(true, 0, "Bearer ", 0, 7) && authorization.length() > 7;
        return config.keyRequired() && !hasKey ? ApiError.noKey() : null;
    }

    private Ending answer(
            Exchange exchange, ResponsesRequest request, HttpRequest http, RequestAccount account)
            throws IOException {
        return switch (Directives.parse(request, config.pacing(), config.chunking())) {
            case Directives.Parsed.Invalid(var invalid) -> exchange.refuse(invalid);
            case Directives.Parsed.Valid(var directives) -> {
                var fault = faults.next(digest(http.body()), directives);
                fault.ifPresent(struck -> account.fault(nameOf(struck)));
                yield answer(exchange, request, directives, fault, account);
            }
        };
    }

    private Ending answer(
            Exchange exchange,
            ResponsesRequest request,
            Directives directives,
            Optional<SimulatedFault> fault,
            RequestAccount account)
            throws IOException {
        if (fault.orElse(null) instanceof SimulatedFault.Status(var statusCode, var retryAfter)) {
            var headers = retryAfter.map(value -> Map.of("retry-after", value)).orElseGet(Map::of);
            return exchange.refuse(ApiError.fault(statusCode, headers));
        }
        if (fault.isPresent() && beforeHead(fault.get())) {
            return exchange.strikeBeforeHead(fault.get());
        }
        return request.model().startsWith(Recordings.MODEL_PREFIX)
                ? playRecording(exchange, request, directives, fault)
                : playScript(exchange, request, directives, fault, account);
    }

    private Ending playRecording(
            Exchange exchange,
            ResponsesRequest request,
            Directives directives,
            Optional<SimulatedFault> fault)
            throws IOException {
        if (recordings == null) {
            return exchange.refuse(
                    ApiError.badRequest("model", "This simulator has no recordings."));
        }
        var name = request.model().substring(Recordings.MODEL_PREFIX.length());
        return switch (recordings.find(name)) {
            case Recordings.Lookup.Found(var frames) ->
                    exchange.play(frames, EVENT_STREAM, directives, fault);
            case Recordings.Lookup.NotFound() -> exchange.refuse(ApiError.unknownModel());
            case Recordings.Lookup.Refused() ->
                    exchange.refuse(
                            ApiError.badRequest("model", "Not a path below the recordings."));
        };
    }

    private Ending playScript(
            Exchange exchange,
            ResponsesRequest request,
            Directives directives,
            Optional<SimulatedFault> fault,
            RequestAccount account)
            throws IOException {
        var script = script(request, directives, account);
        var ending =
                request.stream()
                        ? exchange.play(
                                script.frames(),
                                EVENT_STREAM + "; charset=utf-8",
                                directives,
                                fault)
                        : exchange.play(
                                List.of(whole(script)),
                                "application/json",
                                directives.forWholeAnswer(script.tokens()),
                                fault);
        if (ending == Ending.COMPLETED) {
            accounts.report(script.usage());
        }
        return ending;
    }

    private Script script(ResponsesRequest request, Directives directives, RequestAccount account) {
        var ids = new SeededIds(config.seed(), account.id());
        var response = new ResponseObject(ids.next("resp_"), config.clock().instant(), request);
        return Scenarios.script(new ScriptBuilder(response, ids), request, directives.tokens());
    }

    private static Frame whole(Script script) {
        return new Frame(true, () -> script.response().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean beforeHead(SimulatedFault fault) {
        return switch (fault) {
            case SimulatedFault.Reset(var afterBytes) -> afterBytes < 0;
            case SimulatedFault.Stall(var afterBytes) -> afterBytes < 0;
            case SimulatedFault.EndOfBody(var afterBytes) -> afterBytes < 0;
            case SimulatedFault.MalformedFrame(_), SimulatedFault.Status(_, _) -> false;
        };
    }

    private static String nameOf(SimulatedFault fault) {
        return switch (fault) {
            case SimulatedFault.Reset(_) -> "reset";
            case SimulatedFault.Stall(_) -> "stall";
            case SimulatedFault.EndOfBody(_) -> "eof";
            case SimulatedFault.MalformedFrame(_) -> "malformed";
            case SimulatedFault.Status(_, _) -> "status";
        };
    }

    private static byte[] digest(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
