package io.tidemark.standalone;

import java.util.Map;

/** The real process. */
final class ProcessHost implements Host {
    private static final int STOPPED_UNCLEANLY = 1;

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }

    /*
     * A JVM that a signal ends exits with 128 + the signal, however well it stopped. Halting at the
     * end of the hook says what is true: 0 when everything closed, 1 when something did not.
     */
    @Override
    public int runUntilStopped(ShutdownStack stack) throws InterruptedException {
        var hook =
                Thread.ofPlatform()
                        .name("tidemark-shutdown")
                        .unstarted(() -> {
                            stack.close();
                            Runtime.getRuntime().halt(stack.clean() ? 0 : STOPPED_UNCLEANLY);
                        });
        Runtime.getRuntime().addShutdownHook(hook);
        stack.awaitFailure();
        /* A process that is alive and does nothing would be restarted by nobody. */
        System.exit(STOPPED_UNCLEANLY);
        return STOPPED_UNCLEANLY;
    }
}
