package io.tidemark.standalone;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * What a command needs of the process it runs in; tests put another in its place.
 *
 * <p>Called by the thread that runs the command.
 */
interface Host {
    /** The environment variables. */
    Map<String, String> environment();

    /** Standard output, for bytes; not to be closed. */
    default OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /**
     * Waits until the process is asked to stop or one of its roles has ended by itself, then closes
     * the stack.
     *
     * @return the exit code: 0 when everything closed cleanly
     */
    int runUntilStopped(ShutdownStack stack) throws InterruptedException;

    /** The real process: SIGTERM and Ctrl-C stop it. */
    static Host process() {
        return new ProcessHost();
    }
}
