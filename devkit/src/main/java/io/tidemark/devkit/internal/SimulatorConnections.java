package io.tidemark.devkit.internal;

import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.devkit.SimulatedRequest.Ending;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * Reads requests from connections, one after the other, and has them answered. Thread-safe; each
 * connection has its own thread.
 */
public final class SimulatorConnections implements Listener.Handler {

    private static final Duration REQUEST_MAX = Duration.ofSeconds(30);

    private final ProviderSimulatorConfig config;
    private final UsageJournal journal;
    private final Accounts accounts;
    private final FaultPlan faults = new FaultPlan();
    private final SimulatedProvider provider;
    private volatile boolean closing;

    /** For the connections of one simulator. */
    public SimulatorConnections(ProviderSimulatorConfig config) {
        this.config = config;
        this.journal = UsageJournal.of(config.journal());
        this.accounts = new Accounts(config.clock(), config.limits().accountsMax(), journal);
        this.provider = new SimulatedProvider(config, accounts, faults);
    }

    /** What was asked and answered. */
    public Accounts accounts() {
        return accounts;
    }

    /** What is going to fail. */
    public FaultPlan faults() {
        return faults;
    }

    /** Forgets the responses that can be read again, as if their time were over. */
    public void forgetResponses() {
        provider.stored().forgetAll();
    }

    /**
     * From now on a connection that breaks is our doing, not the client's; and nothing is generated
     * any more.
     */
    public void closing() {
        closing = true;
        provider.stored().close();
    }

    /** No answer is given any more. */
    public void closed() {
        journal.close();
    }

    @Override
    public void serve(Socket socket) throws IOException {
        var connection = new ClientConnection(socket);
        var limits = config.limits();
        var reader =
                new HttpRequestReader(
                        connection.in(),
                        connection.out(),
                        limits.headerBytesMax(),
                        limits.bodyBytesMax());
        try {
            var goesOn = true;
            while (goesOn) {
                socket.setSoTimeout((int) REQUEST_MAX.toMillis());
                var request = reader.read();
                socket.setSoTimeout(0);
                connection.watch();
                goesOn = answer(connection, request) && connection.awaitNextRequest();
            }
        } catch (EOFException e) {
            // The client is done; not even a half request is an error of ours.
        } catch (HttpProtocolException e) {
            Exchange.refuseUnread(connection, ApiError.unreadable(e));
            connection.closeAfterAnswer();
        }
    }

    private boolean answer(ClientConnection connection, HttpRequest request) throws IOException {
        var account = accounts.open(request);
        var ending = closing ? Ending.SIMULATOR_CLOSED : Ending.CLIENT_CLOSED;
        try {
            ending = provider.answer(connection, request, account);
        } catch (IOException e) {
            ending = Ending.CLIENT_CLOSED;
        } finally {
            accounts.end(
                    account,
                    closing && ending == Ending.CLIENT_CLOSED ? Ending.SIMULATOR_CLOSED : ending);
        }
        return switch (ending) {
            case COMPLETED, REFUSED -> !request.wantsClose();
            case OPEN, FAULT, CLIENT_CLOSED, SIMULATOR_CLOSED -> false;
        };
    }

    @Override
    public void refuse(Socket socket) throws IOException {
        var connection = new ClientConnection(socket);
        Exchange.refuseUnread(
                connection, ApiError.tooManyConnections(config.limits().connectionsMax()));
        connection.closeAfterAnswer();
    }
}
