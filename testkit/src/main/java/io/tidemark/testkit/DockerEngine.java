package io.tidemark.testkit;

import com.github.dockerjava.api.exception.NotFoundException;

import org.testcontainers.DockerClientFactory;

/** The engine that Testcontainers finds. */
final class DockerEngine implements Engine {
    private static final String NO_HELPER = "TESTCONTAINERS_RYUK_DISABLED";

    @Override
    public Found find(String image) {
        if (!Boolean.parseBoolean(System.getenv(NO_HELPER))) {
            return new Found.Missing(
                    NO_HELPER + " is not true, as it is under Maven, and an image would be pulled");
        }
        var factory = DockerClientFactory.instance();
        if (!factory.isDockerAvailable()) {
            return new Found.Missing("no Docker engine answers");
        }
        var engine = factory.client();
        try {
            engine.inspectImageCmd(image).exec();
        } catch (NotFoundException e) {
            return new Found.Missing("the Docker engine has no image " + image);
        }
        return new Found.Ready(engine.versionCmd().exec().getVersion());
    }
}
