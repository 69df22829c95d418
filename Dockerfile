# One image for every role; the role is the command: docker run tidemark edge. See docs/containers.md.
# `--target tidemark-plain` leaves the AOT cache out: 0.1 GB smaller, and slower to start.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
RUN mvn -B -q -Dquick -pl standalone -am package

# RocksDB's jar holds its library for fourteen platforms; an image is for Linux with glibc.
RUN cd standalone/target/tidemark && mkdir /rocksdb && jar="$(pwd)/$(ls rocksdbjni-*.jar)" && cd /rocksdb \
    && jar xf "$jar" \
    && find . -name 'librocksdbjni*' ! -name '*-linux64.so' ! -name '*-linux-aarch64.so' -delete \
    && jar cfM "$jar" .

# Our own jars change with each commit, the others seldom: two layers.
RUN mkdir -p /opt/tidemark/own && mv standalone/target/tidemark /opt/tidemark/lib \
    && mv /opt/tidemark/lib/tidemark-*.jar /opt/tidemark/own/

# A wildcard would leave the order of the class path to the file system, and an AOT cache is for one order.
RUN { printf '%s\n' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError -XX:MaxRAMPercentage=55 -XX:AOTCache=/opt/tidemark/tidemark.aot -cp; \
      cd /opt/tidemark && ls own lib | grep '[.]jar$' | LC_ALL=C sort | sed 's:^:/opt/tidemark/lib/:' | paste -sd: -; \
    } > /opt/tidemark/java.options

# What jdeps finds in the jars (java.desktop is for the beans of the log4j that the embedded Kafka brings), and what is loaded by name:
# SASL, also Kerberos, JMX, and jcmd and JFR for whoever has to look inside.
RUN jlink --output /opt/tidemark/java --no-header-files --no-man-pages --compress zip-0 --generate-cds-archive --add-modules \
java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs

FROM debian:bookworm-slim AS tidemark-plain
RUN groupadd --gid 10001 tidemark && useradd --uid 10001 --gid tidemark --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tidemark \
    && install -d -o tidemark -g tidemark /var/lib/tidemark
COPY --from=build /opt/tidemark/java /opt/java
COPY --from=build /opt/tidemark/lib /opt/tidemark/lib
COPY --from=build /opt/tidemark/own /opt/tidemark/lib
COPY --from=build /opt/tidemark/java.options /opt/tidemark/java.options
COPY docker/health /opt/tidemark/health
# Where others reach a container; an edge starts only if it also knows its callers, or may serve anybody.
ENV PATH=/opt/java/bin:$PATH \
    TIDEMARK_DATA_DIR=/var/lib/tidemark \
    TIDEMARK_EDGE_HOST=0.0.0.0 \
    TIDEMARK_INGEST_HOST=0.0.0.0 \
    TIDEMARK_INGEST_PORT=8082 \
    TIDEMARK_PROJECTOR_HOST=0.0.0.0 \
    TIDEMARK_SIMULATOR_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/tidemark
VOLUME /var/lib/tidemark
EXPOSE 8080 8081 8082 8090
HEALTHCHECK --interval=5s --timeout=4s --start-period=90s --retries=3 CMD ["/opt/tidemark/health"]
ENTRYPOINT ["java", "@/opt/tidemark/java.options", "io.tidemark.standalone.Tidemark"]
CMD ["--help"]

# The demonstration goes through every role, with Kafka on the loopback: what it loads is what roles load.
FROM tidemark-plain AS training
RUN TIDEMARK_LOG=WARN TIDEMARK_EDGE_HOST=127.0.0.1 TIDEMARK_PROJECTOR_HOST=127.0.0.1 java -XX:AOTCacheOutput=/tmp/tidemark.aot \
    $(grep -v AOTCache /opt/tidemark/java.options) io.tidemark.standalone.Tidemark demo

FROM tidemark-plain AS tidemark
COPY --from=training /tmp/tidemark.aot /opt/tidemark/tidemark.aot
