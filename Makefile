# Names for the tasks; every one is a plain command that also works by hand.
.PHONY: verify quick format demo model drift faults projectors fuzz stress bench-normalisers

# A test class, its method, and for how long: make fuzz FUZZ=NormaliserFuzzTest OF=chat FOR=30m
FUZZ ?= SseParserFuzzTest
OF ?= readsWhatTheStandardReads
FOR ?= 10m

# The fault suite: how long, which plan (random, brokers, rolling), its seed (another each time if empty), 1 or 3 brokers
# (what the plan needs if empty), streams a second, kinds to leave out.
PLAN ?= random
BROKERS ?=
RATE ?= 3
SEED ?=
WITHOUT ?=

# Milliseconds for each test of threads that share without a lock.
TIME ?= 20000

verify: ## everything a reviewer would run
	mvn verify

quick: ## jars without any check
	mvn -q -Dquick package

format: ## repair the layout of Java files and POMs
	mvn -q -N -Dformat=apply spotless:apply process-sources
	mvn -q spotless:apply

demo: ## the main job, end to end, in a terminal
	./tidemark demo

model: ## ownership, fencing and readers, every order of events; needs spin and gcc
	docs/model/check

faults: FOR := $(if $(filter file,$(origin FOR)),5m,$(FOR))
faults: ## real processes, killed and stopped under load, FOR=10m SEED=42 BROKERS=3, or PLAN=brokers, PLAN=rolling; see docs/faults.md
	mvn -q -Dquick -Pfaults -pl faults -am package -Dfaults.plan=$(PLAN) -Dfaults.for=$(FOR) -Dfaults.seed=$(SEED) \
	    -Dfaults.brokers=$(BROKERS) -Dfaults.rate=$(RATE) '-Dfaults.without=$(WITHOUT)'

projectors: FOR := $(if $(filter file,$(origin FOR)),5m,$(FOR))
projectors: ## three projectors, killed under load and asked all the time, FOR=5m SEED=42; see docs/faults.md
	mvn -q -Dquick -Pfaults -pl faults -am package -Dfaults.projectors=true -Dfaults.for=$(FOR) \
	    -Dfaults.seed=$(SEED) -Dfaults.brokers=$(BROKERS) -Dfaults.rate=$(RATE) '-Dfaults.without=$(WITHOUT)'

fuzz: ## inputs nobody thought of, for FOR; findings become seeds under ingest/src/test/resources
	rm -f ingest/target/surefire-reports/*.$(FUZZ).txt
	mvn -q -Pfuzz -pl ingest -am test -Dtest='$(FUZZ)#$(OF)' -Dfuzz.duration=$(FOR) \
	    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip
	@cat ingest/target/surefire-reports/*.$(FUZZ).txt || { echo 'no such test: $(FUZZ)#$(OF)'; exit 1; }

stress: ## what the tail and readers do to each other, 20 s for each test; TIME=200000 is longer
	mvn -q -pl stress -am verify -Dtest=none -Dit.test=InterleavingsIT -Dstress.time=$(TIME) \
	    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	    -Dspotless.check.skip -Djacoco.skip

bench-normalisers: ## what reading a stream costs per event, by dialect; JMH='-f 1 -i 2' shortens it
	mvn -q -Dquick -Pjmh -pl benchmarks -am package \
	    -Djmh.main=io.tidemark.benchmarks.NormaliserFigures -Djmh='$(JMH)'

drift: ## what the vendors' SDKs know and we do not; SDKS='-Danthropic-java.version=N -Dgoogle-genai.version=N -Dopenai-java.version=N' asks newer ones
	mvn -q -pl ingest -am test -Dtest='*DriftTest' $(SDKS) \
	    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip -Djacoco.skip
